"use client";

import { useEffect, useRef, useState } from "react";
import { Button, buttonClass } from "@/components/ui/button";

const boxes = () => [...document.querySelectorAll<HTMLInputElement>('input[type="checkbox"][form="bulk"][name="id"]')];

type Texts = Record<"label" | "page" | "all" | "allSelected" | "none" | "revoke" | "renew" | "test" | "allLabel" | "recent", string>;

type Props = {
  // the query that the list shows, as its own address says it
  query: string;
  // how many of the page's rows are selected, with "#" for the number, by its plural form
  selected: Partial<Record<Intl.LDMLPluralRule, string>>;
  language: string;
  texts: Texts;
};

const acts = ["revoke", "renew", "test"] as const;

// What can be done with the ticked rows, and with everything that matches. Without a script it is a form like any other.
export function BulkBar({ query, selected, language, texts }: Props) {
  const [scripted, setScripted] = useState(false);
  const [count, setCount] = useState(0);
  const [all, setAll] = useState(false);
  const bar = useRef<HTMLFormElement>(null);

  useEffect(() => {
    setScripted(true);
    let last: HTMLInputElement | null = null;
    let shift = false;
    const look = () => setCount(boxes().filter(({ checked }) => checked).length);
    const hold = (event: MouseEvent | KeyboardEvent) => {
      shift = event.shiftKey;
    };
    const changed = ({ target }: Event) => {
      if (!(target instanceof HTMLInputElement) || target.getAttribute("form") !== "bulk") return;
      const rows = boxes();
      const [from, to] = [last ? rows.indexOf(last) : -1, rows.indexOf(target)];
      // With Shift, from a click or from the space bar: everything between the last one and this one.
      if (shift && from >= 0) for (const row of rows.slice(Math.min(from, to), Math.max(from, to) + 1)) row.checked = target.checked;
      last = target;
      if (!target.checked) setAll(false);
      look();
    };
    // Rows that came or went, and what the browser ticked when the reader came back.
    const seen = new MutationObserver(look);
    const table = document.querySelector("main");
    if (table) seen.observe(table, { childList: true, subtree: true });
    look();
    document.addEventListener("click", hold, true);
    document.addEventListener("keydown", hold, true);
    document.addEventListener("change", changed);
    return () => {
      seen.disconnect();
      document.removeEventListener("click", hold, true);
      document.removeEventListener("keydown", hold, true);
      document.removeEventListener("change", changed);
    };
  }, []);

  const shown = all || count > 0;
  // A row that is reached by keyboard is not to hide under the bar.
  useEffect(() => {
    if (!scripted || !shown) return;
    const { style } = document.documentElement;
    style.scrollPaddingBlockStart = `${(bar.current?.offsetHeight ?? 0) + 8}px`;
    return () => {
      style.scrollPaddingBlockStart = "";
    };
  }, [scripted, shown]);

  const tick = (checked: boolean) => {
    for (const row of boxes()) row.checked = checked;
    setCount(checked ? boxes().length : 0);
    if (!checked) setAll(false);
  };

  const told = selected[new Intl.PluralRules(language).select(count)]?.replace("#", new Intl.NumberFormat(language).format(count));
  // It has its place before it can work, so that nothing moves.
  const ready = scripted ? "" : "invisible";
  const submits = (
    <span className="ms-auto flex flex-wrap gap-2">
      {acts.map((act) => (
        <button key={act} type="submit" name="act" value={act} className={buttonClass({ tone: "secondary", size: "small" })}>
          {texts[act]}
        </button>
      ))}
    </span>
  );
  return (
    <form
      ref={bar}
      id="bulk"
      action="/support/bulk"
      aria-label={texts.label}
      className={
        scripted && shown
          ? "sticky top-0 z-10 mb-3 flex flex-wrap items-center gap-2 rounded-lg border border-accent bg-accent-surface p-2"
          : "mb-3 flex flex-wrap items-center gap-2"
      }
    >
      <input type="hidden" name="query" value={query} />
      {all && <input type="hidden" name="all" value="1" />}
      {shown && <output className="px-2 font-semibold">{all ? texts.allSelected : told}</output>}
      <Button size="small" tone="quiet" className={ready} onClick={() => tick(true)}>
        {texts.page}
      </Button>
      {!all && (
        <Button
          size="small"
          tone="quiet"
          className={ready}
          onClick={() => {
            tick(true);
            setAll(true);
          }}
        >
          {texts.all}
        </Button>
      )}
      {shown && (
        <Button size="small" tone="quiet" onClick={() => tick(false)}>
          {texts.none}
        </Button>
      )}
      {!scripted && (
        <noscript>
          <label className="inline-flex min-h-8 items-center gap-2 px-2 text-sm">
            <input type="checkbox" name="all" value="1" />
            {texts.allLabel}
          </label>
          {submits}
        </noscript>
      )}
      {shown && submits}
      <a href="/support/bulk" className={`link px-2 text-sm ${shown ? "" : "ms-auto"}`}>
        {texts.recent}
      </a>
    </form>
  );
}
