"use client";

import { useRouter } from "next/navigation";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { type Entry, fitting, paletteEntries } from "./palette-entries";

export type PaletteTexts = {
  title: string;
  hint: string;
  keys: string;
  /** With {q} for what was typed. */
  find: string;
  nothing: string;
  group: Record<Entry["group"], string>;
};

const groups = ["acts", "pages", "settings"] as const;

// The browser's own dialog over a box and a list: what is typed narrows the list, arrows choose, Enter goes, Esc closes.
export function Palette({ texts, close }: { texts: PaletteTexts; close: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const router = useRouter();
  const [all] = useState(paletteEntries);
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState(0);
  useEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    return () => shown?.close();
  }, []);

  const asked = typed.trim();
  const found = fitting(all, asked);
  const search: Entry = {
    id: "palette-find",
    group: "pages",
    label: texts.find.replace("{q}", () => asked),
    run: () => router.push(`/support?${new URLSearchParams({ q: asked })}`),
  };
  const shown = [...groups.flatMap((group) => found.filter((entry) => entry.group === group)), ...(asked ? [search] : [])];
  const chosen = shown[Math.min(at, shown.length - 1)];

  function run(entry: Entry | undefined): void {
    if (!entry) return;
    dialog.current?.close();
    entry.run();
  }

  function press(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      const next = (Math.min(at, shown.length - 1) + step + shown.length) % Math.max(1, shown.length);
      setAt(next);
      document.getElementById(shown[next]?.id ?? "")?.scrollIntoView({ block: "nearest" });
    } else if (event.key === "Enter" && !event.nativeEvent.isComposing) {
      event.preventDefault();
      run(chosen);
    }
  }

  return (
    <dialog
      ref={dialog}
      closedby="any"
      aria-label={texts.title}
      // One that was closed and opened again at once, as React does in development, hears of the first time late.
      onClose={() => dialog.current?.open || close()}
      className="mx-auto mt-[12vh] mb-auto w-[min(36rem,calc(100vw-2rem))] overflow-hidden rounded-lg border border-line bg-surface-raised p-0 shadow-overlay"
    >
      <input
        role="combobox"
        aria-expanded="true"
        aria-controls="palette-list"
        aria-activedescendant={chosen?.id}
        aria-label={texts.hint}
        placeholder={texts.hint}
        autoComplete="off"
        spellCheck={false}
        maxLength={200}
        value={typed}
        onChange={({ target }) => {
          setTyped(target.value);
          setAt(0);
        }}
        onKeyDown={press}
        className="block min-h-12 w-full border-b border-line bg-surface-raised px-4 text-base text-ink placeholder:text-muted focus:outline-none"
      />
      <div id="palette-list" role="listbox" aria-label={texts.title} className="max-h-[50vh] overflow-y-auto p-1.5">
        {shown.map((entry, nth) => (
          <div key={entry.id}>
            {entry.group !== shown[nth - 1]?.group && (
              <p aria-hidden="true" className="px-3 pt-2 pb-1 text-xs text-muted">
                {texts.group[entry.group]}
              </p>
            )}
            {/* biome-ignore lint/a11y/useKeyWithClickEvents: the box above has the keys, and the focus */}
            {/* biome-ignore lint/a11y/useFocusableInteractive: it is chosen by aria-activedescendant */}
            <div
              role="option"
              id={entry.id}
              aria-selected={entry === chosen}
              onClick={() => run(entry)}
              className="flex min-h-10 items-center rounded-md px-3 text-sm wrap-anywhere hover:bg-surface-sunken aria-selected:bg-accent-surface"
            >
              {entry.label}
            </div>
          </div>
        ))}
      </div>
      {shown.length === 0 && <p className="px-4 pb-4 text-muted">{texts.nothing}</p>}
    </dialog>
  );
}
