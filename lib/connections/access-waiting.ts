import { AppError } from "@/lib/errors";

/** A platform that is slow must not fill this process with callers who wait for it. */
const MOST = 2_000;
const MOST_OF_ONE = 1_000;

const waiting = new Map<string, number>();
let all = 0;

/** Waits for `work`, but no longer than `ms`; null: it goes on by itself. Throws AppError 503 where too many wait already. */
export async function waitFor<T>(id: string, work: () => Promise<T>, ms: number): Promise<T | null> {
  const others = waiting.get(id) ?? 0;
  if (all >= MOST || others >= MOST_OF_ONE) throw new AppError("too_many_waiting", 503, { retryAfterS: 1 });
  waiting.set(id, others + 1);
  all += 1;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), ms);
  });
  try {
    return await Promise.race([work(), late]);
  } finally {
    clearTimeout(timer);
    all -= 1;
    const left = (waiting.get(id) ?? 1) - 1;
    if (left > 0) waiting.set(id, left);
    else waiting.delete(id);
  }
}
