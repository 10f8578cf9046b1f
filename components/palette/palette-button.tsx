"use client";

import { Search } from "lucide-react";
import { lazy, Suspense, useEffect, useState, useSyncExternalStore } from "react";
import type { PaletteTexts } from "./palette";

// Fetched when somebody first opens it.
const Palette = lazy(() => import("./palette").then(({ Palette }) => ({ default: Palette })));

const never = () => () => {};

// The way to everything by typing. It keeps its place and is not seen until it can work.
export function PaletteButton({ label, texts }: { label: string; texts: PaletteTexts }) {
  const [open, setOpen] = useState(false);
  const able = useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "k" || !(event.metaKey || event.ctrlKey) || event.altKey || event.shiftKey) return;
      event.preventDefault();
      setOpen((before) => !before);
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, []);
  return (
    <>
      <button
        type="button"
        aria-haspopup="dialog"
        aria-keyshortcuts="Control+K Meta+K"
        onClick={() => setOpen(true)}
        className={`inline-flex size-11 items-center justify-center gap-2 rounded-md text-sm text-muted hover:bg-surface-sunken hover:text-ink rail:w-auto rail:px-3 ${able ? "" : "invisible"}`}
      >
        <Search size={18} aria-hidden="true" />
        <span className="max-rail:sr-only">{label}</span>
        <span dir="ltr" aria-hidden="true" className="rounded-sm border border-line px-1.5 text-xs max-rail:hidden">
          {texts.keys}
        </span>
      </button>
      {open && (
        <Suspense>
          <Palette texts={texts} close={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
