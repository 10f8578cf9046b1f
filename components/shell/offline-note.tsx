"use client";

import { useEffect, useSyncExternalStore } from "react";

function watch(changed: () => void): () => void {
  for (const event of ["online", "offline"]) addEventListener(event, changed);
  return () => {
    for (const event of ["online", "offline"]) removeEventListener(event, changed);
  };
}

// A form that is sent while nobody can take it would be lost with the page that follows: it waits, and this says so.
export function OfflineNote({ text }: { text: string }) {
  const offline = useSyncExternalStore(
    watch,
    () => !navigator.onLine,
    () => false,
  );
  useEffect(() => {
    if (!offline) return;
    const hold = (event: SubmitEvent) => {
      if (event.target instanceof HTMLFormElement && event.target.method === "dialog") return;
      event.preventDefault();
      event.stopPropagation();
    };
    addEventListener("submit", hold, true);
    return () => removeEventListener("submit", hold, true);
  }, [offline]);
  return (
    <div role="status" className="pointer-events-none fixed inset-x-0 bottom-0 z-20 flex justify-center p-4 empty:hidden">
      {offline && (
        <p className="rounded-lg border border-warning/40 bg-warning-surface px-4 py-3 font-medium text-warning shadow-overlay">{text}</p>
      )}
    </div>
  );
}
