import type { Crowd } from "./load-worker";
import type { Store } from "./stores";
import type { Subject } from "./subjects";

const EVERY = 100;

/** Callers each of whose hundredth requests finds access that has run out. */
export function mixed(callers: number, { fresh, stale }: { fresh: readonly Store[]; stale: readonly Store[] }, { ask }: Subject): Crowd {
  const each = Math.floor(stale.length / callers);
  const storeOf = (caller: number, nth: number) => {
    const round = Math.floor(nth / EVERY);
    return nth % EVERY === EVERY / 2 ? stale[round * callers + caller] : fresh[(nth * callers + caller) % fresh.length];
  };
  const dealt = Array.from({ length: each * EVERY * callers }, (_, index) => storeOf(index % callers, Math.floor(index / callers)));
  return { callers, requests: dealt.flatMap((store) => (store ? [ask(store)] : [])) };
}
