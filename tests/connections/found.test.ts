import { sql } from "drizzle-orm";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { database } from "@/db/client";
import type { UserActor } from "@/lib/auth/actor";
import { healthStates } from "@/lib/connections/health";
import { type Cursor, search } from "@/lib/connections/search";
import { useEnv } from "@/tests/auth/set-env";
import { useDatabase } from "@/tests/support/database";
import { aMerchant, staff } from "@/tests/support/journey";
import { BASE_URL } from "@/tests/support/platforms";

useEnv({ LATCHKEY_URL: BASE_URL });
useDatabase();

const COUNT = 400;
let support: UserActor;
let merchants: string[];

beforeAll(async () => {
  (globalThis as { latchkeyOffers?: unknown }).latchkeyOffers = [];
  support = await staff("support");
  const actors = [await aMerchant("مكتبة الأمل"), await aMerchant("Riyadh Books"), await aMerchant("Jeddah Cotton")];
  merchants = actors.map(({ merchants: [own] }) => own?.id ?? "");
  // Of every state, offer, cause and kind of time, in proportions that have nothing in common; several changed in the same microsecond.
  await database().execute(sql`
    insert into connections (id, merchant_id, offer, provider, environment, account_id, label, status, next_refresh_at, connected_at, issued_at,
      expires_at, renewable_until, last_proof_at, failures, trouble_code, updated_at, created_at)
    select 'con_' || lpad(i::text, 4, '0'), (${sql.param(merchants)}::text[])[1 + i % 3], case i % 7 when 0 then 'rare' else 'plain' end, 'plain',
      case i % 11 when 0 then 'stage' else 'production' end, 'acct-' || i, case i % 5 when 0 then 'Shop ' || i else 'متجر رقم ' || i end,
      (array['active', 'active', 'active', 'reconnect', 'revoked', 'pending'])[1 + i % 6],
      case when i % 6 < 3 and i % 13 <> 0 then app_now() + i * interval '1 hour' end, app_now(), app_now(),
      case i % 4 when 0 then null else app_now() + (i - 100) * interval '3 hours' end,
      case i % 3 when 0 then app_now() + i * interval '5 hours' end, case when i % 2 = 0 then app_now() end, case i % 9 when 0 then 2 else 0 end,
      case i % 17 when 0 then 'invalid_grant' when 1 then 'http_503' end,
      app_now() - (i / 5) * interval '1 microsecond', app_now() - i * interval '6 hours'
    from generate_series(1, ${COUNT}) i`);
  await search(support, {});
});

/** Every page there is, by the links that each offers. */
async function everyRow(query: Record<string, string>, limits: object): Promise<string[]> {
  const pages = [await search(support, query, limits)];
  for (let next: Cursor | null | undefined = pages[0]?.next; next; next = pages.at(-1)?.next) {
    pages.push(await search(support, { ...query, ...next }, limits));
    if (pages.length > 500) throw new Error("It never ends");
  }
  return pages.flatMap(({ rows }) => rows.map(({ id }) => id));
}

const among = (...values: string[]) => fc.option(fc.constantFrom(...values), { nil: undefined, freq: 2 });
const queries = fc.record({
  q: among("shop", "متجر", "jeddah", "مكتبه الامل", "رقم 12", "r", "shop 15", "nowhere", "acct-77"),
  state: among("healthy", "needs_reconnect", "unknown,revoked", "pending,healthy,refresh_failing"),
  offer: among("plain", "rare"),
  env: among("stage", "production"),
  cause: among("invalid_grant", "http_503"),
  renews: among("yes", "no"),
  runs_out: among("7d", "past", "30d"),
  due: among("2d", "10d"),
  created: among("30d"),
  owner: fc.option(fc.nat(2).map(String), { nil: undefined, freq: 1 }),
  sort: among("attention", "updated", "no_return", "runs_out"),
});

describe("S10: whatever is asked for together", () => {
  it.each([
    ["gathered", { page: 60, few: 4_000, walk: 5_000, sample: 100 }],
    ["walked along", { page: 60, few: 0, walk: 5_000, sample: 100 }],
    ["in short walks, each going on where the last one ended", { page: 9, few: 6, walk: 50, sample: 100 }],
  ])("every row that fits is found once and in order: %s", async (_way, limits) => {
    await fc.assert(
      fc.asyncProperty(queries, async (drawn) => {
        const query = Object.fromEntries(Object.entries(drawn).filter((entry): entry is [string, string] => entry[1] !== undefined));
        if (query.owner) query.owner = merchants[Number(query.owner)] ?? "";
        expect(await everyRow(query, limits)).toEqual(await expected(query));
      }),
      { numRuns: 60, seed: 7 },
    );
  });

  it("counts each option under everything else that was asked for", async () => {
    const { facets, total } = await search(support, { state: "pending", offer: "rare" });
    const count = async (query: Record<string, string>) => (await expected(query)).length;
    for (const state of healthStates) expect(facets?.states.get(state) ?? 0).toBe(await count({ state, offer: "rare" }));
    for (const offer of ["plain", "rare"]) expect(facets?.offer.get(offer)).toBe(await count({ state: "pending", offer }));
    expect(facets?.environment.get("stage")).toBe(await count({ state: "pending", offer: "rare", env: "stage" }));
    expect(total).toEqual({ n: await count({ state: "pending", offer: "rare" }), is: "exact" });
    const texted = await search(support, { q: "shop", state: "pending" });
    expect(texted.facets?.states.get("healthy")).toBe(await count({ q: "shop", state: "healthy" }));
  });

  it("says how far it looked, where that is not all, and goes on from there", async () => {
    const limits = { page: 9, few: 0, walk: 50, sample: 100, texts: 1 };
    const first = await search(support, { q: "shop 395", sort: "updated" }, limits);
    expect(first).toMatchObject({ rows: [], looked: 50, next: { after: expect.any(String) } });
    expect(await everyRow({ q: "shop 395", sort: "updated" }, limits)).toEqual(["con_0395"]);
  });

  it("goes less far where each row's text is read as well", async () => {
    const limits = { page: 9, few: 0, walk: 50, sample: 100, texts: 2 };
    expect(await search(support, { q: "shop 395", sort: "updated" }, limits)).toMatchObject({ looked: 25 });
    expect(await everyRow({ q: "shop 395", sort: "updated" }, limits)).toEqual(["con_0395"]);
  });

  it("leads back the way it came, gathered and walked", async () => {
    for (const few of [4_000, 0]) {
      const ask = (cursor: Cursor) => search(support, { q: "shop", ...cursor }, { page: 9, few });
      const [one, two] = [await ask({}), await ask((await ask({})).next ?? {})];
      const back = await ask(two.previous ?? {});
      expect(back.rows.map(({ id }) => id)).toEqual(one.rows.map(({ id }) => id));
      expect(back.previous).toBeNull();
      expect((await ask(back.next ?? {})).rows.map(({ id }) => id)).toEqual(two.rows.map(({ id }) => id));
    }
  });
});

it("S2: a pasted id leads straight to its connection, a merchant's to its list", async () => {
  expect((await search(support, { q: " con_0012 " })).only).toBe("con_0012");
  const own = await search(support, { q: merchants[1] });
  expect(own.only).toBeNull();
  expect(own.total.n).toBe((await expected({ owner: merchants[1] ?? "" })).length);
  expect((await search(support, { q: "shop" })).only).toBeNull();
});

it("S3: an Arabic name is found however it is spelt", async () => {
  const spelt = ["مكتبة الأمل", "مكتبه الامل", "مَكتَبَة", "مكتبـــة", "ألأمل".slice(1)];
  for (const q of spelt) expect((await search(support, { q })).total.n, q).toBe((await expected({ owner: merchants[0] ?? "" })).length);
  expect((await search(support, { q: "متجر رقم ١٢" })).total.n).toBe((await search(support, { q: "متجر رقم 12" })).total.n);
});

it("names what is spelt much like it, where nothing matches", async () => {
  expect((await search(support, { q: "Riyad Boks" })).nearest).toBe("Riyadh Books");
  expect((await search(support, { q: "مكتبت الامل" })).nearest).toBe("مكتبة الأمل");
  expect((await search(support, { q: "nothing alike" })).nearest).toBeNull();
  expect((await search(support, { q: "riyadh" })).nearest).toBeNull();
});

it("its version changes with what it shows, and with nothing else", async () => {
  const version = async () => (await search(support, { q: "con_0021" })).version;
  const before = await version();
  expect(await version()).toBe(before);
  await database().execute(sql`update connections set updated_at = updated_at where id = 'con_0021'`);
  expect(await version()).toBe(before);
  await database().execute(sql`update connections set status = 'revoking', updated_at = app_now() where id = 'con_0021'`);
  expect(await version()).not.toBe(before);
});

it("what a connection is found by follows its merchant's name and people, and its own", async () => {
  const ids = async (q: string) => (await search(support, { q })).rows.map(({ id }) => id);
  await database().execute(sql`update connections set label = 'Corniche corner' where id = 'con_0001'`);
  expect(await ids("corniche")).toEqual(["con_0001"]);
  await database().execute(sql`update merchants set name = 'Jeddah Linen' where id = ${merchants[2]}`);
  expect(await ids("cotton")).not.toContain("con_0002");
  expect((await search(support, { q: "linen" })).total.n).toBe((await expected({ owner: merchants[2] ?? "" })).length);
  await database().execute(sql`update users set email = 'renamed@elsewhere.example' where email = 'jeddah-cotton@merchant.example'`);
  expect((await search(support, { q: "renamed@elsewhere" })).total.n).toBeGreaterThan(0);
  await database().execute(sql`delete from memberships where user_id = (select id from users where email = 'renamed@elsewhere.example')`);
  expect((await search(support, { q: "renamed@elsewhere" })).total.n).toBe(0);
});

/** The same by looking at every row, in a way of its own. */
async function expected(query: Record<string, string>): Promise<string[]> {
  const { rows } = await database().execute<{ id: string }>(sql`
    select c.id from connections c join merchants m on m.id = c.merchant_id where c.state is not null
      and (${query.state ?? null}::text is null or c.state = any(string_to_array(${query.state ?? ""}, ',')))
      and c.offer = coalesce(${query.offer ?? null}::text, c.offer) and c.environment = coalesce(${query.env ?? null}::text, c.environment)
      and (${query.cause ?? null}::text is null or c.trouble_code = ${query.cause ?? ""})
      and c.merchant_id = coalesce(${query.owner ?? null}::text, c.merchant_id)
      and case ${query.renews ?? ""} when 'yes' then c.status = 'active' and c.next_refresh_at is not null
        when 'no' then c.status = 'reconnect' or (c.status = 'active' and c.next_refresh_at is null) else true end
      and case ${query.runs_out ?? ""} when '' then true when 'past' then c.status in ('active', 'reconnect') and c.expires_at < app_now()
        else c.status in ('active', 'reconnect') and c.expires_at >= app_now() and c.expires_at < app_now() + (${/d$/.exec(query.runs_out ?? "") ? query.runs_out : "0d"})::interval end
      and (${query.due ?? ""} = '' or c.status = 'active' and c.next_refresh_at >= app_now() and c.next_refresh_at < app_now() + (${query.due || "0d"})::interval)
      and (${query.created ?? ""} = '' or c.created_at >= app_now() - (${query.created || "0d"})::interval)
      and (select bool_and(position(word in ' ' || folded(concat_ws(' ', c.label, c.account_id, m.name))) > 0)
        from (select case when length(w) < 3 then ' ' || w else w end as word from unnest(string_to_array(folded(${query.q ?? ""}), ' ')) w) words) is not false
      and case ${orderIn(query)} when 'no_return' then c.no_return_at is not null
        when 'runs_out' then c.expires_at is not null and c.status in ('active', 'reconnect') else true end
    order by
      case when ${orderIn(query)} = 'attention' then array_position(array['needs_reconnect', 'expiring_soon', 'pending', 'expired_renewable', 'unknown',
        'refresh_failing', 'renewal_late', 'renewing', 'healthy', 'revoked'], c.state) end,
      case when ${orderIn(query)} in ('attention', 'updated') then c.updated_at end desc, case when ${orderIn(query)} in ('attention', 'updated') then c.id end desc,
      case ${orderIn(query)} when 'no_return' then c.no_return_at when 'runs_out' then c.expires_at end, c.id`);
  return rows.map(({ id }) => id);
}

const orderIn = (query: Record<string, string>): string => query.sort ?? (query.runs_out ? "runs_out" : "attention");
