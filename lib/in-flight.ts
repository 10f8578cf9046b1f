const holder = globalThis as { latchkeyInFlight?: Set<Promise<unknown>> };

/** Work that must not be cut off by a shutdown: what it hears from a platform may exist only once. */
export function inFlight<T>(work: Promise<T>): Promise<T> {
  holder.latchkeyInFlight ??= new Set();
  const all = holder.latchkeyInFlight;
  const watched: Promise<unknown> = work.then(
    () => all.delete(watched),
    () => all.delete(watched),
  );
  all.add(watched);
  return work;
}

/** Resolves when everything in flight has settled, or after `longestMs`. */
export async function settled(longestMs: number): Promise<void> {
  const until = performance.now() + longestMs;
  while ((holder.latchkeyInFlight?.size ?? 0) > 0 && performance.now() < until) {
    const left = new Promise((resolve) => setTimeout(resolve, Math.max(0, until - performance.now())).unref());
    await Promise.race([Promise.all(holder.latchkeyInFlight ?? []), left]);
  }
}
