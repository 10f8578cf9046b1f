import { sql } from "drizzle-orm";
import { expect, it } from "vitest";
import { claimDue } from "@/db/claims";
import { database } from "@/db/client";
import { newId } from "@/db/new-id";
import { readClock } from "@/db/read-clock";
import { nextRefresh } from "@/lib/connections/next-refresh";
import { restate } from "@/lib/connections/restate";
import { renewing } from "@/lib/jobs/renewing";
import { useEnv } from "@/tests/auth/set-env";
import { atLength } from "@/tests/support/at-length";
import { useDatabase } from "@/tests/support/database";
import { BASE_URL } from "@/tests/support/platforms";
import { putSquare } from "./put-stores";
import { makeDue } from "./race";
import { faultWorld } from "./steps";

useEnv({ LATCHKEY_URL: BASE_URL });
useDatabase();
const world = faultWorld();

const MINUTE = 60_000;

it.each(["oauth2", "square"] as const)(
  "R-08: %s answers with 500 for two hours: asked ever more rarely, nobody demoted, and no herd comes back",
  async (slug) => {
    const MANY = 20;
    const owner = await world.shop();
    const ids: string[] = [];
    for (let index = 0; index < MANY; index += 1)
      ids.push(
        slug === "square" ? await putSquare(world.at, owner, `ML${index}`) : (await world.standardStore(owner, `storm-${index}`)).id,
      );
    const asked: number[] = [];
    let [busy, most] = [0, 0];
    const open = world.through((fetch) => async (url, init) => {
      if (!url.endsWith("/token")) return fetch(url, init);
      asked.push(Date.now() + world.at.skew.ms);
      busy += 1;
      most = Math.max(most, busy);
      return fetch(url, init).finally(() => {
        busy -= 1;
      });
    });
    const minutesOf = async (minutes: number) => {
      const from = asked.length;
      for (let minute = 0; minute < minutes; minute += 1) {
        await renewing.round({ open, stopping: () => false });
        await world.pass(60);
      }
      return asked.slice(from);
    };
    world.at.faults.push({ kind: "status", status: 500, match: "/token" });
    await makeDue(ids);
    const hours = [await minutesOf(60), await minutesOf(60)].map((calls) => calls.length / MANY);
    // Nobody asks a platform that is down with more than the few lanes that a round begins with.
    expect(most).toBeLessThanOrEqual(4);
    expect(hours[0]).toBeGreaterThan(3);
    expect(hours[0]).toBeLessThan(12);
    expect(hours[1]).toBeLessThan((hours[0] ?? 0) * 0.6);
    await restate();
    for (const id of ids) expect(await world.row(id)).toMatchObject({ status: "active", state: "refresh_failing" });
    expect(await world.told({})).toEqual(Array(MANY).fill("connection.renewal_failed"));
    world.at.faults.length = 0;
    const back = await minutesOf(65);
    const minutes = Map.groupBy(back, (at) => Math.floor(at / MINUTE));
    // What chance throws together is a few; a herd is all of them.
    expect(Math.max(...[...minutes.values()].map((some) => some.length))).toBeLessThan(MANY / 2);
    // Its access lives for an hour, so that some are due again by then.
    if (slug === "square") expect(back).toHaveLength(MANY);
    for (const id of ids) expect(await world.row(id)).toMatchObject({ status: "active", trouble: null, failures: 0, sentAt: null });
  },
);

const MANY = atLength(3_000, 10_000);

it(`R-22: ${MANY} grants with one end: spread, the oldest first, each claimed once, and the latest of them in time`, async () => {
  const { provider } = world.at.offers.find(({ slug }) => slug === "oauth2") ?? { provider: world.at.providers.oauth2 };
  const owner = await world.shop();
  const now = await readClock(database());
  const end = new Date(now.getTime() + 60 * MINUTE);
  const due = Array.from({ length: MANY }, () => nextRefresh(provider.policy(true), now, end)?.getTime() ?? 0);
  await database().execute(sql`
    insert into connections (id, merchant_id, offer, provider, environment, account_id, status, renewable, issued_at, expires_at,
      last_proof_at, connected_at, next_refresh_at)
    select 'con_' || n, ${owner.merchants[0]?.id ?? ""}, 'oauth2', 'oauth2', 'production', 'account-' || n, 'active', true, ${now}::timestamptz,
      ${end}::timestamptz, app_now(), app_now(), to_timestamp(at / 1000.0)
    from jsonb_array_elements_text(${JSON.stringify(due)}::jsonb) with ordinality as given (value, n), lateral (select value::float8 as at) as moment`);
  const claimed: { id: string; lateS: number; at: number }[] = [];
  const claim = async () => {
    const asked = { offer: "oauth2", leaseId: newId("lease"), leaseS: 30, doubtS: 120, limit: 60, suspects: false };
    const rows = await claimDue(database(), asked);
    const clock = (await readClock(database())).getTime();
    await database().execute(sql`update connections set next_refresh_at = null, lease_id = null, lease_until = null
      where lease_id = ${asked.leaseId}`);
    return rows.map(({ id, nextRefreshAt }) => ({
      id,
      at: nextRefreshAt?.getTime() ?? 0,
      lateS: (clock - (nextRefreshAt?.getTime() ?? 0)) / 1_000,
    }));
  };
  await world.pass(26 * 60);
  const inQuarter: number[] = [];
  for (let quarter = 0; quarter < 20 && claimed.length < MANY; quarter += 1) {
    await world.pass(15);
    const before = claimed.length;
    for (;;) {
      // Two processes at once take different ones.
      const [some, others] = await Promise.all([claim(), claim()]);
      if (some.length + others.length === 0) break;
      claimed.push(...[...some, ...others].sort((a, b) => a.at - b.at));
    }
    inQuarter.push(claimed.length - before);
  }
  expect(new Set(claimed.map(({ id }) => id)).size).toBe(MANY);
  expect(claimed).toHaveLength(MANY);
  // Two processes take sixty each: nobody is out of place by more than that.
  const order = claimed.map(({ at }) => at);
  const sorted = order.toSorted((a, b) => a - b);
  const inPlace = (at: number, index: number) =>
    at >= (sorted[index - 120] ?? 0) && at <= (sorted[index + 120] ?? Number.POSITIVE_INFINITY);
  expect(order.filter((at, index) => !inPlace(at, index))).toEqual([]);
  expect(Math.max(...inQuarter)).toBeLessThan(MANY / 5);
  const late = claimed.map(({ lateS }) => lateS).sort((a, b) => a - b);
  const p99 = late[Math.floor(MANY * 0.99)] ?? Number.NaN;
  process.stdout.write(`R-22: ${MANY} renewals with one end: at most ${Math.max(...inQuarter)} in 15 s, p99 ${p99.toFixed(1)} s late\n`);
  expect(p99).toBeLessThan(30);
  expect(Math.max(...claimed.map(({ at, lateS }) => at + lateS * 1_000))).toBeLessThan(end.getTime());
});
