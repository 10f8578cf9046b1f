"use client";

import { useEffect } from "react";

const boxes = () => [...document.querySelectorAll<HTMLInputElement>('#results input[type="checkbox"][name="id"]')];

// Whoever opens a row and comes back finds ticked what was ticked, and the focus where it was: for this tab, and this list alone.
export function KeepPlace({ query }: { query: string }) {
  useEffect(() => {
    const key = `latchkey-place:${query}`;
    const kept: { ticked: string[]; row: string | null } = JSON.parse(sessionStorage.getItem(key) ?? '{"ticked":[],"row":null}');
    for (const box of boxes())
      if (kept.ticked.includes(box.value) && !box.checked) {
        box.checked = true;
        box.dispatchEvent(new Event("change", { bubbles: true }));
      }
    if (kept.row) document.querySelector<HTMLElement>(`#results a[data-row="${CSS.escape(kept.row)}"]`)?.focus({ preventScroll: true });
    const keep = (row: string | null) => {
      const ticked = boxes().flatMap(({ checked, value }) => (checked ? [value] : []));
      if (ticked.length > 0 || row) sessionStorage.setItem(key, JSON.stringify({ ticked, row }));
      else sessionStorage.removeItem(key);
    };
    keep(null);
    const changed = () => keep(null);
    const pressed = ({ target }: MouseEvent) => {
      const row = target instanceof Element ? target.closest<HTMLElement>("#results a[data-row]") : null;
      if (row) keep(row.dataset.row ?? null);
    };
    document.addEventListener("change", changed);
    document.addEventListener("click", pressed, true);
    return () => {
      document.removeEventListener("change", changed);
      document.removeEventListener("click", pressed, true);
    };
  }, [query]);
  return null;
}
