import { sql } from "drizzle-orm";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { database } from "@/db/client";
import { countKinds } from "@/db/health-counts";
import { passedRows, storeStates } from "@/db/states";
import type { UserActor } from "@/lib/auth/actor";
import type { HealthState } from "@/lib/connections/health";
import { listOwn } from "@/lib/connections/list";
import { adoptPolicies, restate } from "@/lib/connections/restate";
import { revoke } from "@/lib/connections/revoke";
import { search } from "@/lib/connections/search";
import { show } from "@/lib/connections/show";
import { healthReport } from "@/lib/health/health-report";
import { stateCounts } from "@/lib/health/platform-rows";
import { moveClock, resetClock } from "@/tests/auth/people";
import { useEnv } from "@/tests/auth/set-env";
import { useDatabase } from "@/tests/support/database";
import { empty } from "@/tests/support/empty";
import { aMerchant, connected, staff } from "@/tests/support/journey";
import { BASE_URL, platforms } from "@/tests/support/platforms";
import { sweep } from "@/tests/support/sweep";

useEnv({ LATCHKEY_URL: BASE_URL });
useDatabase();

let at = platforms();
let [mona, admin] = [] as unknown as [UserActor, UserActor];

beforeEach(async () => {
  at = platforms();
  await empty("connections", "attempts", "gates", "incidents", "events", "state_policies");
  [mona, admin] = [await aMerchant(`Shop ${crypto.randomUUID().slice(0, 6)}`), await staff("admin")];
});
afterEach(resetClock);

const stored = async (id: string) => {
  const found = await database().execute<{ state: HealthState | null; passed: boolean }>(
    sql`select state, state_changes_at <= app_now() as passed from connections where id = ${id}`,
  );
  return found.rows[0];
};
const merchantOf = (actor: UserActor) => actor.merchants[0]?.id ?? "";

/** What list, detail, filter and tiles say of one connection. */
async function said(id: string) {
  const [own, detail, all, tiles] = await Promise.all([listOwn(mona), show(admin, id), search(admin, {}), healthReport(admin, {}, "UTC")]);
  const state = detail.connection.state;
  const filtered = await search(admin, { state });
  return {
    list: own.rows.find((row) => row.id === id)?.state,
    word: own.rows.find((row) => row.id === id)?.word,
    detail: state,
    support: all.rows.find((row) => row.id === id)?.state,
    filter: filtered.rows.some((row) => row.id === id),
    tile: tiles.counts[state],
  };
}

describe("what is stored of a state", () => {
  it("agrees everywhere that renewals are late when nobody works for nine days", async () => {
    const { id } = await connected(at, mona, "square");
    expect(await said(id)).toEqual({ list: "healthy", word: "working", detail: "healthy", support: "healthy", filter: true, tile: 1 });
    await moveClock("9 days");
    expect(await stored(id)).toEqual({ state: "healthy", passed: true });
    const late = { list: "renewal_late", word: "working", detail: "renewal_late", support: "renewal_late", filter: true, tile: 1 };
    expect(await said(id)).toEqual(late);
    expect(await stored(id)).toEqual({ state: "renewal_late", passed: false });
    await moveClock("22 days");
    expect(await said(id)).toMatchObject({ detail: "expired_renewable", support: "expired_renewable", filter: true, word: "interrupted" });
    expect((await healthReport(admin, {}, "UTC")).counts).toMatchObject({ expired_renewable: 1, renewal_late: 0, healthy: 0 });
    // And all is well once somebody works again.
    at.skew.ms = 31 * 86_400_000;
    await sweep(at.open);
    expect(await said(id)).toMatchObject({ list: "healthy", detail: "healthy", support: "healthy", filter: true, tile: 1 });
  });

  it("is in doubt as soon as any fact changes, whoever changes it, and for no other reason", async () => {
    const { id } = await connected(at, mona, "oauth2");
    for (const change of [
      sql`failures = 2`,
      sql`lease_until = app_now() + interval '30 seconds', lease_id = 'x'`,
      sql`sent_at = app_now()`,
      sql`status = 'reconnect', trouble = 'reconnect', trouble_code = 'refresh_refused'`,
      sql`expires_at = null`,
      sql`crashes = 1`,
    ]) {
      await restate();
      expect((await stored(id))?.passed).not.toBe(true);
      await database().execute(sql`update connections set ${change} where id = ${id}`);
      expect((await stored(id))?.passed).toBe(true);
    }
    await restate();
    await database().execute(sql`update connections set label = 'Renamed', used_at = app_now(), updated_at = app_now() where id = ${id}`);
    expect((await stored(id))?.passed).not.toBe(true);
  });

  it("is not overwritten by what was worked out from older facts", async () => {
    const { id } = await connected(at, mona, "square");
    await database().execute(sql`update connections set state_changes_at = 'epoch' where id = ${id}`);
    const [row] = await passedRows(database(), 10);
    await database().execute(sql`update connections set failures = 2, first_failure_at = app_now() where id = ${id}`);
    const done = await storeStates(database(), [
      { id, version: String(row?.version), state: "healthy", changesAt: null, noReturnAt: null },
    ]);
    expect(done).toBe(0);
    expect((await stored(id))?.passed).toBe(true);
    expect((await search(admin, { state: "refresh_failing" })).rows.map((one) => one.id)).toEqual([id]);
  });

  it("is worked out anew where a platform's rules changed, came or went", async () => {
    const { id } = await connected(at, mona, "square");
    await adoptPolicies();
    await restate();
    await adoptPolicies();
    expect((await stored(id))?.passed).not.toBe(true);
    const offers = at.offers.filter(({ slug }) => slug !== "square");
    (globalThis as { latchkeyOffers?: unknown }).latchkeyOffers = offers;
    await adoptPolicies();
    expect((await stored(id))?.passed).toBe(true);
    await restate();
    (globalThis as { latchkeyOffers?: unknown }).latchkeyOffers = at.offers;
    await adoptPolicies();
    expect((await stored(id))?.passed).toBe(true);
  });

  it("says since when the owner is needed, until that is over", async () => {
    const { id } = await connected(at, mona, "square");
    const needed = async () =>
      (await database().execute<{ at: Date | null }>(sql`select owner_needed_at as at from connections where id = ${id}`)).rows[0]?.at;
    await restate();
    expect(await needed()).toBeNull();
    await database().execute(
      sql`update connections set status = 'reconnect', trouble = 'reconnect', trouble_code = 'refresh_refused' where id = ${id}`,
    );
    await restate();
    const since = await needed();
    expect(since).not.toBeNull();
    await moveClock("2 days");
    await database().execute(sql`update connections set failures = failures + 1 where id = ${id}`);
    await restate();
    expect(await needed()).toEqual(since);
    await connected(at, mona, "square", undefined, { connectionId: id });
    await restate();
    expect(await needed()).toBeNull();
  });
});

describe("counts", () => {
  it("are the truth whatever was done, without a look at the rows", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat(11), fc.nat(5)), { minLength: 1, maxLength: 25 }), async (steps) => {
        await empty("connections");
        for (const [n, what] of steps) {
          const id = `con_${n}`;
          if (what === 0)
            await database().execute(sql`
              insert into connections (id, merchant_id, offer, provider, environment, status, connected_at)
              values (${id}, ${merchantOf(mona)}, 'square', 'square', 'production', 'active', app_now()) on conflict do nothing`);
          else if (what === 1) await database().execute(sql`delete from connections where id = ${id}`);
          else if (what === 2) await database().execute(sql`update connections set status = 'reconnect' where id = ${id}`);
          else if (what === 3)
            await database().execute(sql`update connections set status = 'revoked', connected_at = null where id = ${id}`);
          else if (what === 4) await database().execute(sql`update connections set failures = 2 where id = ${id}`);
          else await restate();
        }
        await restate();
        const kinds = await countKinds(database());
        const real = await database().execute<{ state: HealthState; n: number }>(
          sql`select state, count(*)::int as n from connections where state is not null group by state`,
        );
        expect(kinds.filter(({ behind }) => behind > 0)).toEqual([]);
        expect(Object.fromEntries(Object.entries(stateCounts(kinds)).filter(([, n]) => n !== 0))).toEqual(
          Object.fromEntries(real.rows.map(({ state, n }) => [state, n])),
        );
      }),
      { numRuns: 15, seed: 20261129 },
    );
  });

  it("leave out what is yet to be worked out, and say how many that are", async () => {
    await database().execute(sql`
      insert into connections (id, merchant_id, offer, provider, environment, status, connected_at, last_proof_at)
      select 'con_' || lpad(n::text, 5, '0'), ${merchantOf(mona)}, 'square', 'square', 'production', 'active', app_now(), app_now()
      from generate_series(1, 2500) n`);
    const part = await healthReport(admin, {}, "UTC", { restated: 1_000 });
    expect({ healthy: part.counts.healthy, behind: part.behind }).toEqual({ healthy: 1_000, behind: 1_500 });
    expect(await healthReport(admin, {}, "UTC")).toMatchObject({ behind: 0, counts: { healthy: 2_500 } });
  });

  it("follow a revocation at once", async () => {
    const { id } = await connected(at, mona, "square");
    expect((await healthReport(admin, {}, "UTC")).counts).toMatchObject({ healthy: 1, revoked: 0 });
    await revoke(mona, { connectionId: id }, at.open);
    expect((await healthReport(admin, {}, "UTC")).counts).toMatchObject({ healthy: 0, revoked: 1 });
  });
});

describe("the point of no return", () => {
  it("is shown, and sorts: what only its owner can mend soonest comes first, what needs nobody does not come", async () => {
    const { id: soon } = await connected(at, mona, "oauth2");
    const { id: never } = await connected(at, mona, "square");
    await database().execute(sql`update connections set renewable_until = app_now() + interval '3 days' where id = ${soon}`);
    await database().execute(sql`
      insert into connections (id, merchant_id, offer, provider, environment, status, connected_at, renewable, renewable_until)
      select 'con_later_' || n, ${merchantOf(mona)}, 'square', 'square', 'production', 'active', app_now(), true, app_now() + n * interval '10 days'
      from generate_series(1, 7) n`);
    const seen: string[] = [];
    for (let page = await search(admin, { sort: "no_return" }, { page: 3 }); ; ) {
      seen.push(...page.rows.map((row) => row.id));
      for (const row of page.rows) expect(row.noReturnAt).not.toBeNull();
      if (!page.next) break;
      page = await search(admin, { sort: "no_return", ...page.next }, { page: 3 });
    }
    expect(seen).toEqual([soon, ...[1, 2, 3, 4, 5, 6, 7].map((n) => `con_later_${n}`)]);
    expect(seen).not.toContain(never);
    expect((await show(admin, soon)).connection.noReturnAt).not.toBeNull();
    expect((await show(admin, never)).connection.noReturnAt).toBeNull();
  });
});
