import { database } from "@/db/client";
import { addHandOuts, type Counted } from "@/db/hand-outs";
import { AppError } from "@/lib/errors";
import { log } from "@/lib/log";

const EVERY_MS = 5_000;
/** What was handed out and cannot be told must not grow: this long it may be unknown whether it was written. */
const LONGEST_MS = 15_000;

type Counts = Map<string, Map<string, number>>;
type State = {
  /** By key, then by connection. */
  counts: Counts;
  used: Set<string>;
  /** When the first flush began that nothing has come of since. */
  unwrittenSince: number | null;
  flushing: Promise<void> | null;
  timer?: NodeJS.Timeout | undefined;
};

// Next bundles this module several times, and what they hand out is one process's.
const holder = globalThis as { latchkeyHandOuts?: State };
holder.latchkeyHandOuts ??= { counts: new Map(), used: new Set(), unwrittenSince: null, flushing: null };
const state = holder.latchkeyHandOuts;

/** Somebody with that key was handed that connection's access. Kept here and written within seconds: handing out stays without a write. */
export function noteHandOut(keyId: string, connectionId: string): void {
  count(keyId, connectionId, 1);
  state.used.add(keyId);
}

/** Somebody asked for something with that key. */
export function noteUse(keyId: string): void {
  state.used.add(keyId);
}

function count(keyId: string, connectionId: string, n: number): void {
  let ofKey = state.counts.get(keyId);
  if (!ofKey) {
    ofKey = new Map();
    state.counts.set(keyId, ofKey);
  }
  ofKey.set(connectionId, (ofKey.get(connectionId) ?? 0) + n);
}

/** Throws AppError `counting_failed` where nothing could be written for 15 s: what is handed out uncounted nobody would ever know of. */
export function assertCounting(nowMs = performance.now()): void {
  if (state.unwrittenSince !== null && nowMs - state.unwrittenSince >= LONGEST_MS) throw new AppError("counting_failed", 503);
}

/** Writes what was counted since the last time. What cannot be written is counted on and written the next time. */
export function flushHandOuts(write = addHandOuts): Promise<void> {
  state.flushing ??= flush(write).finally(() => {
    state.flushing = null;
  });
  return state.flushing;
}

async function flush(write: typeof addHandOuts): Promise<void> {
  const { counts, used } = state;
  if (used.size === 0) return;
  state.counts = new Map();
  state.used = new Set();
  state.unwrittenSince ??= performance.now();
  try {
    await write(database(), [...rowsOf(counts)], [...used]);
    state.unwrittenSince = null;
  } catch (error) {
    for (const { keyId, connectionId, n } of rowsOf(counts)) count(keyId, connectionId, n);
    for (const keyId of used) state.used.add(keyId);
    log.error("hand_outs_not_written", error);
  }
}

function* rowsOf(counts: Counts): Iterable<Counted> {
  for (const [keyId, ofKey] of counts) for (const [connectionId, n] of ofKey) yield { keyId, connectionId, n };
}

/** Writes every 5 s, for as long as the process lives. */
export function startFlushing(): void {
  state.timer ??= setInterval(() => void flushHandOuts(), EVERY_MS).unref();
}

/** Writes what is left, when nobody asks any more. */
export async function stopFlushing(): Promise<void> {
  clearInterval(state.timer);
  state.timer = undefined;
  await state.flushing;
  await flushHandOuts();
}
