"use client";

import { useEffect } from "react";

type Props = {
  // whether single letters and signs are shortcuts
  letters: boolean;
};

const rows = () => [...document.querySelectorAll<HTMLElement>("#results a[data-row]")].filter((link) => link.offsetParent !== null);
const box = () => document.querySelector<HTMLInputElement>("form#search input[name=q]");
const typing = (target: EventTarget | null) =>
  target instanceof HTMLElement && target.matches("input:not([type=checkbox], [type=radio]), select, textarea, [contenteditable]");

// From the box down into the rows and back with the arrows; Enter is the link's own. What a person ticked is there when they come back.
export function ListKeys({ letters }: Props) {
  useEffect(() => {
    const move = (by: 1 | -1, from: Element | null): HTMLElement | null | undefined => {
      const all = rows();
      const at = all.findIndex((row) => row === from || row.closest("tr")?.contains(from));
      if (at < 0) return by > 0 ? all[0] : null;
      return by < 0 && at === 0 ? box() : all[at + by];
    };
    const pressed = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey || document.querySelector("dialog[open], :popover-open"))
        return;
      const { key, target } = event;
      const inBox = target === box();
      const free = !typing(target);
      const inRows = target instanceof Element && target.closest("#results tr") !== null;
      const next =
        (key === "ArrowDown" && (inBox || inRows)) || (letters && key === "j" && free)
          ? move(1, document.activeElement)
          : (key === "ArrowUp" && inRows) || (letters && key === "k" && free)
            ? move(-1, document.activeElement)
            : letters && key === "/" && free
              ? box()
              : null;
      if (!next) return;
      event.preventDefault();
      next.focus();
      if (next instanceof HTMLInputElement) next.select();
    };
    document.addEventListener("keydown", pressed);
    return () => document.removeEventListener("keydown", pressed);
  }, [letters]);
  return null;
}
