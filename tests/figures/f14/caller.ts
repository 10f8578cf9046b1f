import { makeFetch } from "@/lib/http";

export type Wanted = { good: number; hostile: { kind: string; port: number }[]; atOnce: number; windows: number; windowMs: number };
export type Told = {
  calls: { kind: string; ms: number; end: string }[];
  /** How much more memory than before, at the most, in MB. */
  moreMb: number;
  quietMs: number[];
  besideMs: number[];
};

const GIVEN_UP_MS = 30_000;

// The product's own way out, with its own limits, in a process that does nothing else.
const outside = makeFetch({ allowLoopback: true });
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function call(port: number): Promise<{ ms: number; end: string }> {
  const began = performance.now();
  const ended = outside(`http://127.0.0.1:${port}/token`, { method: "POST", body: "code=a" }).then(
    ({ status }) => String(status),
    (error: { code?: string }) => String(error.code ?? error),
  );
  const end = await Promise.race([ended, pause(GIVEN_UP_MS).then(() => "never")]);
  return { ms: performance.now() - began, end };
}

/** One neighbour's calls, one after the other, for so long. */
async function neighbour(port: number, ms: number): Promise<number[]> {
  const took: number[] = [];
  for (const until = performance.now() + ms; performance.now() < until; await pause(2)) took.push((await call(port)).ms);
  return took;
}

async function measure({ good, hostile, atOnce, windows, windowMs }: Wanted): Promise<Told> {
  await neighbour(good, 1_000);
  for (const { port, kind } of hostile) if (kind.startsWith("a gzip") || kind.includes("headers")) await call(port).catch(() => undefined);
  globalThis.gc?.();
  const before = process.memoryUsage.rss();
  let most = before;
  const sampling = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss());
  }, 50);
  const told: Told = { calls: [], moreMb: 0, quietMs: [], besideMs: [] };
  // Quiet and hostile in turn, so that what else this machine does falls on both.
  for (let window = 0; window < windows; window += 1) {
    told.quietMs.push(...(await neighbour(good, windowMs)));
    const attack = Promise.all(
      hostile.flatMap(({ kind, port }) => Array.from({ length: atOnce }, async () => told.calls.push({ kind, ...(await call(port)) }))),
    );
    await pause(200);
    told.besideMs.push(...(await neighbour(good, windowMs)));
    await attack;
    globalThis.gc?.();
  }
  clearInterval(sampling);
  told.moreMb = (most - before) / 2 ** 20;
  return told;
}

process.once("message", (wanted: Wanted) => void measure(wanted).then((told) => process.send?.(told, () => process.exit(0))));
process.send?.("ready");
