import { sql } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { rowsHref, span } from "@/components/health/rows-href";
import { database } from "@/db/client";
import { beat } from "@/db/workers";
import type { UserActor } from "@/lib/auth/actor";
import { search } from "@/lib/connections/search";
import { healthReport } from "@/lib/health/health-report";
import { countRound, noteWork } from "@/lib/health/note-work";
import { tidying } from "@/lib/jobs/tidying";
import { offers } from "@/lib/offers/offers";
import { countRenewal } from "@/lib/telemetry/metrics";
import { moveClock, resetClock } from "@/tests/auth/people";
import { useEnv } from "@/tests/auth/set-env";
import { useDatabase } from "@/tests/support/database";
import { empty } from "@/tests/support/empty";
import { aMerchant, connected, staff } from "@/tests/support/journey";
import { BASE_URL, platforms } from "@/tests/support/platforms";

useEnv({ LATCHKEY_URL: BASE_URL });
useDatabase();

let at = platforms();
let [mona, admin] = [] as unknown as [UserActor, UserActor];
beforeEach(async () => {
  at = platforms();
  await empty("connections", "attempts", "gates", "incidents", "events", "workers", "work_minutes", "cause_hours");
  [mona, admin] = [await aMerchant(`Shop ${crypto.randomUUID().slice(0, 6)}`), await staff("admin")];
});
afterEach(resetClock);

const report = (query: Record<string, string> = {}) => healthReport(admin, query, "UTC");
const round = async () => tidying.round({ open: at.open, stopping: () => false });

describe("health", () => {
  it("A2, A3: counts for each day and hour exactly the connections that its link lists", async () => {
    const merchantId = mona.merchants[0]?.id;
    await database().execute(sql`
      insert into connections (id, merchant_id, offer, provider, environment, status, connected_at, last_proof_at, renewable, expires_at, next_refresh_at)
      select 'con_' || n, ${merchantId}, offer, offer, 'production', case when n % 7 = 0 then 'reconnect' when n % 11 = 0 then 'revoking' else 'active' end,
        app_now(), app_now(), true, app_now() + n * 7919 % 1000 / 20.0 * interval '1 day' - interval '1 day',
        case when n % 3 > 0 then app_now() + n * 6151 % 1000 / 125.0 * interval '1 day' - interval '6 hours' end
      from (select n, (array['square', 'norce', 'oauth2'])[1 + n % 3] as offer from generate_series(1, 60) n) one`);
    for (const [query, zone] of [
      [{}, "Asia/Riyadh"],
      [{ platform: "oauth2" }, "Asia/Kolkata"],
    ] as const) {
      const told = await healthReport(admin, query, zone);
      expect(told.zone).toBe(zone === "Asia/Kolkata" ? "UTC" : zone);
      const days = told.expiry.flatMap(({ from, to, renews, ends }) => [
        { n: renews, criteria: { runsOut: span(from, to), renews: true } },
        { n: ends, criteria: { runsOut: span(from, to), renews: false } },
      ]);
      const hours = told.due.flatMap(({ cells }) =>
        cells.flatMap((cell) => (cell ? [{ n: cell.n, criteria: { due: span(cell.from, cell.to) } }] : [])),
      );
      for (const marks of [days, hours]) expect(marks.filter(({ n }) => n > 0).length).toBeGreaterThan(5);
      // Of the marks that nobody can follow, one in twenty.
      for (const [index, { n, criteria }] of [...days, ...hours].entries()) {
        if (n === 0 && index % 20 > 0) continue;
        const href = rowsHref({ ...criteria, offer: told.offer });
        const listed = await search(admin, Object.fromEntries(new URL(href, BASE_URL).searchParams), { page: 100 });
        expect(listed.rows.length, href).toBe(n);
      }
    }
  });

  it("A4: counts a renewal as late by its platform's own rule, and no other", async () => {
    await connected(at, mona, "square");
    await connected(at, mona, "norce");
    expect((await report()).platforms.map(({ offer, total, counts }) => [offer, total, counts.renewal_late])).toEqual(
      expect.arrayContaining([
        ["square", 1, 0],
        ["norce", 1, 0],
      ]),
    );
    await moveClock("9 days");
    const { counts, platforms: rows } = await report();
    expect(counts.renewal_late).toBe(1);
    expect(rows.filter((row) => row.counts.renewal_late > 0).map(({ offer }) => offer)).toEqual(["square"]);
  });

  it("A5: says of each cause whose it is, how many it touches, how that was a day ago, and names three", async () => {
    const fail = (n: number, code: string, state: string) => sql`
      insert into connections (id, merchant_id, offer, provider, environment, status, connected_at, label, trouble, trouble_code, failures, state)
      select 'con_' || ${code} || n, ${mona.merchants[0]?.id}, 'square', 'square', 'production', ${state === "needs_reconnect" ? "reconnect" : "active"},
        app_now(), 'Shop ' || n, 'x', ${code}, 3, ${state} from generate_series(1, ${n}) n`;
    await database().execute(fail(2, "refresh_refused", "needs_reconnect"));
    await round();
    await database().execute(fail(4, "http_503", "refresh_failing"));
    await database().execute(fail(1, "quarantined", "refresh_failing"));
    const first = (await report()).causes;
    expect(first.groups.map(({ group, n, dayAgo }) => [group, n, dayAgo])).toEqual([
      ["owner", 2, null],
      ["platform", 4, null],
      ["ours", 1, null],
    ]);
    expect(first.groups.map(({ samples }) => samples.length)).toEqual([2, 3, 1]);
    await moveClock("25 hours");
    await round();
    await database().execute(sql`delete from connections where trouble_code = 'refresh_refused'`);
    expect(
      (await report()).causes.groups.map(({ group, n, dayAgo, causes }) => [group, n, dayAgo, causes.map(({ code }) => code)]),
    ).toEqual([
      ["owner", 0, 2, []],
      ["platform", 4, 0, ["http_503"]],
      ["ours", 1, 0, ["quarantined"]],
    ]);
  });

  it("A6: knows the worker's last round, what it did in a minute, and that of a process that began anew", async () => {
    expect((await report()).worker).toMatchObject({ silent: true, lastRoundAt: null, aMinute: { rounds: 0, renewals: 0 } });
    const process = globalThis as { latchkeyTold?: unknown; latchkeyMetrics?: unknown };
    for (const _ of ["first", "second"]) {
      Object.assign(process, { latchkeyTold: undefined, latchkeyMetrics: undefined });
      for (let n = 0; n < 10; n += 1) countRound();
      for (let n = 0; n < 25; n += 1) countRenewal("square", "renewed", 0.1);
      countRenewal("square", "transient", 0.1);
      // What was told is not told again.
      await noteWork();
      await noteWork();
    }
    await beat(database(), "second", "worker");
    await moveClock("1 minute");
    expect((await report()).worker).toMatchObject({ silent: false, processes: 1, aMinute: { rounds: 4, renewals: 10 } });
    await moveClock("10 minutes");
    expect((await report()).worker).toMatchObject({ silent: true, processes: 0, aMinute: { rounds: 0, renewals: 0 } });
  });

  it("A7: shows how much of a platform's pace is used, when the next call is free and how long what waits takes", async () => {
    const budget = async (offer: string) => (await report()).budgets.find((one) => one.offers.includes(offer));
    expect(await budget("norce")).toMatchObject({
      pace: { calls: 3, perS: 60, burst: 20 },
      used: 0,
      allowed: 20,
      freeInS: 0,
      due: 0,
      clearS: 0,
    });
    expect(await budget("square")).toMatchObject({ pace: null, freeInS: 0, clearS: null });
    await database().execute(sql`
      insert into gates (name, tokens, paused_until) values ('norce', 0.5, null), ('offer:square', 1, app_now() + interval '90 seconds')
      on conflict (name) do update set tokens = excluded.tokens, refilled_at = app_now()`);
    await database().execute(sql`
      insert into connections (id, merchant_id, offer, provider, environment, status, connected_at, next_refresh_at)
      select 'con_' || n, ${mona.merchants[0]?.id}, 'norce', 'norce', 'production', 'active', app_now(), app_now() from generate_series(1, 6) n`);
    const norce = await budget("norce");
    expect(norce).toMatchObject({ used: 20, due: 6 });
    // Half a turn at three a minute, and six turns less that half.
    expect(norce?.freeInS).toBeGreaterThanOrEqual(9);
    expect(norce?.freeInS).toBeLessThanOrEqual(10);
    expect(norce?.clearS).toBeGreaterThanOrEqual(109);
    expect(norce?.clearS).toBeLessThanOrEqual(110);
    expect((await budget("square"))?.freeInS).toBeGreaterThan(85);
  });

  it("says what would stop if nobody renewed any more, and leaves out what is fetched on demand", async () => {
    await connected(at, mona, "square");
    await connected(at, mona, "norce");
    const { horizon, first } = await report();
    const square = horizon.offers.find(({ offer }) => offer === "square");
    expect(square).toMatchObject({ onDemand: false, stops: { hour: 0, week: 0, month: 1 } });
    expect(horizon.offers.find(({ offer }) => offer === "norce")).toMatchObject({ onDemand: true });
    expect(first.get("square")?.getTime()).toBeGreaterThan(Date.now() + 29 * 86_400_000);
    expect(offers().length).toBe(horizon.offers.length);
  });

  it("is nobody's but an admin's", async () => {
    await expect(healthReport(await staff("support"), {}, "UTC")).rejects.toMatchObject({ code: "forbidden", status: 403 });
    await expect(healthReport(mona, {}, "UTC")).rejects.toMatchObject({ code: "forbidden", status: 403 });
  });
});
