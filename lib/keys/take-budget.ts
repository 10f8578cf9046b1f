import { takeOfSecond } from "@/db/api-budgets";
import { database } from "@/db/client";

/** Of a second's requests a process may let so many through without asking the database: who asks rarely costs it nothing. */
const UNASKED = 20;
/** What it takes from the database at a time: a second's budget may be needed by several processes. */
const SLICE = 10;

/** What a request is told of its key's second. `refused`: it is over what the key has. */
export type Budget = { limit: number; left: number; refused: boolean };

type Second = {
  limit: number;
  /** By this process's clock. */
  endsAt: number;
  used: number;
  /** How many of them the database was never told of. */
  untold: number;
  /** How many may be used without asking for more. */
  mine: number;
  /** How many were left for anybody when this process last asked. */
  others: number;
  /** Nothing is left: asking again before the second ends is of no use. */
  spent: boolean;
  waiting: number;
  asking: Promise<void> | null;
};

// Next bundles this module several times, and the slice is one process's.
const holder = globalThis as { latchkeyBudgets?: Map<string, Second> };
holder.latchkeyBudgets ??= new Map();
const seconds = holder.latchkeyBudgets;
const MOST_KEYS = 10_000;

/**
 * Counts one request of that key: at once, while this process has some of the key's second in its hands, and after one statement where it has
 * not. With every process that serves, a second may see a tenth of `perSecond` more than that; a key with less than 20 never does.
 */
export function takeBudget(keyId: string, perSecond: number, take = takeOfSecond): Budget | Promise<Budget> {
  const second = secondOf(keyId, perSecond);
  return takeOne(second) ?? askAndTake(keyId, perSecond, take);
}

function takeOne(second: Second): Budget | null {
  const { limit, mine, others, used, spent } = second;
  if (used < mine) {
    second.used += 1;
    return { limit, left: mine - used - 1 + others, refused: false };
  }
  return spent ? { limit, left: 0, refused: true } : null;
}

function secondOf(keyId: string, limit: number): Second {
  const now = performance.now();
  const known = seconds.get(keyId);
  if (known && known.limit === limit && (now < known.endsAt || known.asking)) return known;
  if (seconds.size >= MOST_KEYS) seconds.clear();
  const mine = Math.floor(limit / UNASKED);
  const fresh = { limit, endsAt: now + 1_000, used: 0, untold: mine, mine, others: limit - mine, spent: false, waiting: 0, asking: null };
  seconds.set(keyId, fresh);
  return fresh;
}

async function askAndTake(keyId: string, perSecond: number, take: typeof takeOfSecond): Promise<Budget> {
  // Every answer serves somebody or says that nothing is left.
  for (;;) {
    const second = secondOf(keyId, perSecond);
    const before = takeOne(second);
    if (before) return before;
    second.waiting += 1;
    second.asking ??= ask(second, keyId, take).finally(() => {
      second.asking = null;
    });
    try {
      await second.asking;
    } finally {
      second.waiting -= 1;
    }
    // Whoever waited for it is served by it, even where that second ended meanwhile.
    const after = takeOne(second);
    if (after) return after;
  }
}

/** Takes a slice, with what was used unasked in it. */
async function ask(second: Second, keyId: string, take: typeof takeOfSecond): Promise<void> {
  const askedAt = performance.now();
  const { limit, untold } = second;
  const more = Math.min(limit, Math.max(Math.ceil(limit / SLICE), second.waiting));
  const { taken, leftMs } = await take(database(), keyId, untold + more);
  const left = limit - (taken - more);
  second.mine = second.used + Math.max(0, Math.min(more, left));
  second.others = Math.max(0, limit - taken);
  second.spent = taken >= limit;
  second.untold = 0;
  second.endsAt = askedAt + leftMs;
}
