const holder = globalThis as { latchkeyLines?: Map<string, Promise<unknown>> };
holder.latchkeyLines ??= new Map();
const lines = holder.latchkeyLines;

/** Runs work behind whatever came before it under the same name in this process, so that the first alone asks the database for it. */
export function inLine<T>(name: string, work: () => Promise<T>): Promise<T> {
  const before = lines.get(name) ?? Promise.resolve();
  const mine = before.then(work, work);
  const settled = mine
    .catch(() => undefined)
    .then(() => {
      if (lines.get(name) === settled) lines.delete(name);
    });
  lines.set(name, settled);
  return mine;
}
