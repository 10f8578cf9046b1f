import { AsyncLocalStorage } from "node:async_hooks";

type Entry = { entered: boolean };

// What server.ts asks of a request is noted in Next's own copies of this module.
const holder = globalThis as { latchkeyEntry?: AsyncLocalStorage<Entry> };
holder.latchkeyEntry ??= new AsyncLocalStorage<Entry>();
const current = holder.latchkeyEntry;

/** Runs `work`, an answer to a request, with a note of whether an action or a form's handler of ours was begun for it. */
export const withEntry = <T>(work: () => T): T => current.run({ entered: false }, work);

/** Undefined under a server that keeps none. */
export const entryNote = (): Readonly<Entry> | undefined => current.getStore();

export function noteEntry(): void {
  const entry = current.getStore();
  if (entry) entry.entered = true;
}
