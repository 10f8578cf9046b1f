import { sql } from "drizzle-orm";
import { expect, it } from "vitest";
import { database } from "@/db/client";
import { renew } from "@/lib/connections/renew";
import { revoke } from "@/lib/connections/revoke";
import { moveClock, resetClock } from "@/tests/auth/people";
import { useEnv } from "@/tests/auth/set-env";
import { atLength } from "@/tests/support/at-length";
import { useDatabase } from "@/tests/support/database";
import { BASE_URL } from "@/tests/support/platforms";
import { sweep } from "@/tests/support/sweep";
import { entwined, randomOf, type Work } from "./entwined";
import { faultWorld } from "./steps";

useEnv({ LATCHKEY_URL: BASE_URL });
useDatabase();
const world = faultWorld();

const ROUNDS = atLength(50, 500);
/** So many revocations one sweep takes. */
const BATCH = 50;
const SEED = 20_261_121;

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
    await entwined(world, random, random() < 0.4 ? [...works, renewal] : works);
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
