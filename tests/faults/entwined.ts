import type { OpenIo } from "@/lib/connections/open-io";
import { moveClock } from "@/tests/auth/people";
import type { faultWorld } from "./steps";

/** The same numbers for the same seed (mulberry32), so that a round that fails can be run again. */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export type Work = (open: OpenIo) => Promise<unknown>;

/**
 * Runs works at once whose steps (to begin, before a call leaves, after its answer came) happen one by one in an order that chance picks:
 * now one after the other, now all entwined.
 */
export async function entwined(world: ReturnType<typeof faultWorld>, random: () => number, works: readonly Work[]): Promise<void> {
  const waiting: { of: number; go: () => void }[] = [];
  let left = works.length;
  let changed: () => void = () => undefined;
  const step = (of: number) =>
    new Promise<void>((go) => {
      waiting.push({ of, go });
      changed();
    });
  const openOf =
    (of: number): OpenIo =>
    async (offer, context) => {
      const io = await world.at.open(offer, context);
      const fetch: typeof io.fetch = async (url, init) => {
        await step(of);
        const answer = await io.fetch(url, init);
        await step(of);
        return answer;
      };
      return { ...io, fetch };
    };
  const going = works.map((work, of) =>
    step(of)
      .then(() => work(openOf(of)))
      .finally(() => {
        left -= 1;
        changed();
      }),
  );
  const stubborn = random();
  let last = Math.floor(random() * works.length);
  while (left > 0) {
    // Everybody is waited for, so that any step may be the next; whoever waits for the database too long is left to it.
    while (left > 0 && waiting.length < left) {
      const before = waiting.length;
      await new Promise<void>((resolve) => {
        changed = resolve;
        if (before > 0) setTimeout(resolve, 20);
      });
      if (before > 0 && waiting.length === before) break;
    }
    const same = waiting.findIndex(({ of }) => of === last);
    const picked = same >= 0 && random() < stubborn ? same : Math.floor(random() * waiting.length);
    const [next] = waiting.splice(picked, 1);
    last = next?.of ?? last;
    next?.go();
    // A slow process: leases end, and what is in doubt may be tried again.
    if (random() < 0.1) await moveClock(random() < 0.5 ? "31 seconds" : "125 seconds");
  }
  await Promise.all(going);
}
