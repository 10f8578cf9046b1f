import { sql } from "drizzle-orm";
import { expect, it } from "vitest";
import { database } from "@/db/client";
import type { OpenIo } from "@/lib/connections/open-io";
import { renew } from "@/lib/connections/renew";
import { revoke } from "@/lib/connections/revoke";
import { moveClock, resetClock } from "@/tests/auth/people";
import { useEnv } from "@/tests/auth/set-env";
import { useDatabase } from "@/tests/support/database";
import { BASE_URL } from "@/tests/support/platforms";
import { sweep } from "@/tests/support/sweep";
import { faultWorld } from "./steps";

useEnv({ LATCHKEY_URL: BASE_URL });
useDatabase();
const world = faultWorld();

const ROUNDS = 500;
/** So many revocations one sweep takes. */
const BATCH = 50;
const SEED = 20_261_121;

/** The same numbers for the same seed (mulberry32), so that a round that fails can be run again. */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

type Work = (open: OpenIo) => Promise<unknown>;

/**
 * Runs works at once whose steps (to begin, before a call leaves, after its answer came) happen one by one in an order that chance picks:
 * now one after the other, now all entwined.
 */
async function entwined(random: () => number, works: readonly Work[]): Promise<void> {
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

it(`V-06: ${ROUNDS} interleavings of renewals and a revocation: no token of any lives at the platform in the end`, {
  timeout: 300_000,
}, async () => {
  const { oauth2 } = world.at.simulators;
  // The hardest platform there can be: each token must be ended by its own name.
  Object.assign(oauth2.switches, { tokensEndAlone: true, reuseEndsFamily: false });
  const owner = await world.shop();
  const random = randomOf(SEED);
  for (let round = 1; round <= ROUNDS; round += 1) {
    await resetClock();
    const { id } = await world.standardStore(owner, `round-${round}`);
    const renewal: Work = (open) => renew(owner, id, open);
    const works: Work[] = [renewal, (open) => revoke(owner, { connectionId: id }, open)];
    await entwined(random, random() < 0.4 ? [...works, renewal] : works);
    if (round % BATCH > 0) continue;
    // What was left for later is done by the job, within a day whatever was in its way.
    for (let hours = 0; hours < 3; hours += 1) {
      await moveClock("2 hours");
      await sweep(world.at.open);
    }
    const ends = await database().execute<{ status: string; many: number }>(
      sql`select status, count(*)::int as many from connections group by status`,
    );
    expect(ends.rows, `seed ${SEED}, rounds up to ${round}`).toEqual([{ status: "revoked", many: round }]);
    expect((await database().execute(sql`select id from grants`)).rows, `seed ${SEED}, rounds up to ${round}`).toEqual([]);
    expect(oauth2.living(), `seed ${SEED}, rounds up to ${round}`).toEqual([]);
  }
  const held = await database().execute(sql`select id from connections where access is not null or renewal is not null`);
  expect(held.rows).toEqual([]);
  const kinds = await world.told({});
  const many = (kind: string) => kinds.filter((one) => one === kind).length;
  expect(many("connection.revoked")).toBe(ROUNDS);
  // The race was really run: renewals won before, renewals that came too late, and ones that never began.
  expect(many("connection.renewed")).toBeGreaterThan(ROUNDS / 20);
  expect(many("grant.kept")).toBeGreaterThan(ROUNDS / 20);
  const renewals = world.calls("oauth2", /refresh_token/).length;
  expect(renewals).toBeGreaterThan(many("connection.renewed") + many("grant.kept") - 1);
  process.stdout.write(
    `V-06: ${ROUNDS} interleavings (seed ${SEED}): ${many("connection.renewed")} renewals in time, ${many("grant.kept")} too late and ended, ${oauth2.living().length} tokens live\n`,
  );
});
