import { sql } from "drizzle-orm";
import { database } from "@/db/client";
import { addUpHours } from "@/db/hours";
import type { UserActor } from "@/lib/auth/actor";
import { healthReport } from "@/lib/health/health-report";
import type { Offer } from "@/lib/offers/offer";
import type { SetUp } from "@/tests/figures/figure";
import { plainClient } from "@/tests/support/administer";
import { sentBy } from "@/tests/support/explain";
import { platforms } from "@/tests/support/platforms";
import { fill, MANY } from "./million";

const ROUNDS = 100;
const GOAL_MS = 50;
/** So many renewals settle between two looks, each a change that is not added up yet. */
const SETTLED = 200;

const admin: UserActor = {
  kind: "user",
  id: "usr_0",
  name: "Omar",
  email: "omar@company.example",
  role: "admin",
  merchants: [],
  signedInAt: new Date(),
};

const at = (times: readonly number[], share: number): number => [...times].sort((a, b) => a - b)[Math.ceil(times.length * share) - 1] ?? 0;
const figures = (times: readonly number[]) => `p50 ${at(times, 0.5).toFixed(1).padStart(5)} p95 ${at(times, 0.95).toFixed(1).padStart(5)}`;

/** How long the health page's data takes at a million connections while renewals go on, beside one row by its key. */
export async function benchHealth(_setUp: SetUp, address: string, say: (line: string) => void): Promise<boolean> {
  const client = await plainClient(address);
  const began = performance.now();
  await fill(client);
  say(`${MANY} connections, filled in ${Math.round((performance.now() - began) / 1000)} s`);
  (globalThis as { latchkeyOffers?: readonly Offer[] }).latchkeyOffers = platforms().offers;
  const [byKey, report]: number[][] = [[], []];
  for (let round = 0; round <= ROUNDS; round += 1) {
    await client.query(`update connections set expires_at = app_now() + random() * interval '30 days', next_refresh_at = app_now() + random() * interval '7 days' + interval '1 hour',
      state_changes_at = app_now() + interval '1 day' where id in (select 'con_' || (1 + floor(random() * ${MANY}))::int from generate_series(1, ${SETTLED}))`);
    // A worker adds them up every two seconds.
    if (round % 5 === 0) await addUpHours(database());
    const first = performance.now();
    await database().execute(sql`select * from connections where id = ${`con_${round * 4_001 + 7}`}`);
    const second = performance.now();
    await healthReport(admin, {}, "Asia/Riyadh");
    if (round > 0) {
      byKey?.push(second - first);
      report?.push(performance.now() - second);
    }
  }
  const statements = await sentBy(() => healthReport(admin, {}, "Asia/Riyadh"));
  await client.end();
  const met = at(report ?? [], 0.95) <= GOAL_MS;
  say(`  one connection by its key: ${figures(byKey ?? [])} ms`);
  say(
    `  the health page's data: ${figures(report ?? [])} ms, goal ${GOAL_MS}: ${met ? "met" : "MISSED"} (${statements.length} statements, ${ROUNDS * SETTLED} changes meanwhile)`,
  );
  return met;
}
