import { sql } from "drizzle-orm";
import { beforeAll, describe, expect, it } from "vitest";
import { database } from "@/db/client";
import { connections } from "@/db/schema";
import type { UserActor } from "@/lib/auth/actor";
import type { HealthState } from "@/lib/connections/health";
import { type Cursor, search } from "@/lib/connections/search";
import { healthReport } from "@/lib/health/health-report";
import { useEnv } from "@/tests/auth/set-env";
import { useDatabase } from "@/tests/support/database";
import { aMerchant, staff } from "@/tests/support/journey";
import { BASE_URL } from "@/tests/support/platforms";

useEnv({ LATCHKEY_URL: BASE_URL });
useDatabase();

let [riyadh, jeddah, support, admin] = [] as unknown as [UserActor, UserActor, UserActor, UserActor];
const merchantOf = (actor: UserActor) => actor.merchants[0]?.id ?? "";

/** `count` connections of a merchant; every fourth without a known end, ends and changes in groups that share one microsecond. */
async function many(merchantId: string, prefix: string, count: number): Promise<void> {
  await database().execute(sql`
    insert into connections (id, merchant_id, offer, provider, environment, label, status, connected_at, issued_at, expires_at, last_proof_at, updated_at)
    select ${prefix} || lpad(i::text, 5, '0'), ${merchantId}, 'plain', 'plain', 'production', 'Shop ' || i,
      case when i % 10 = 0 then 'reconnect' else 'active' end, app_now(), app_now(),
      case when i % 4 = 0 then null else app_now() + interval '100 days' + (i / 3) * interval '1 microsecond' end,
      app_now(), app_now() - (i / 5) * interval '1 microsecond'
    from generate_series(1, ${count}) i`);
}

async function one(merchantId: string, row: Partial<typeof connections.$inferInsert> & { id: string }): Promise<void> {
  const plain = { merchantId, offer: "plain", provider: "plain", environment: "production", status: "active" as const };
  await database()
    .insert(connections)
    .values({ ...plain, connectedAt: sql`app_now()`, lastProofAt: sql`app_now()`, ...row });
}

beforeAll(async () => {
  (globalThis as { latchkeyOffers?: unknown }).latchkeyOffers = [];
  [riyadh, jeddah, support, admin] = [
    await aMerchant("Riyadh Books"),
    await aMerchant("Jeddah 100% Cotton"),
    await staff("support"),
    await staff("admin"),
  ];
  await many(merchantOf(riyadh), "con_r", 250);
});

/** Every page from the first to the last, by the links that each page offers. */
async function pagesOf(ask: (cursor: Cursor) => ReturnType<typeof search>) {
  const pages = [await ask({})];
  for (let next = pages[0]?.next; next; next = pages.at(-1)?.next) pages.push(await ask(next));
  return pages;
}

const ids = (pages: { rows: { id: string }[] }[]) => pages.flatMap(({ rows }) => rows.map(({ id }) => id));

describe("health", () => {
  it("counts every connection", async () => {
    const { counts } = await healthReport(admin, {}, "UTC");
    expect(counts).toMatchObject({ needs_reconnect: 25, healthy: 225 } satisfies Partial<Record<HealthState, number>>);
    expect(Object.values(counts).reduce((sum, count) => sum + count)).toBe(250);
  });
});

describe("search", () => {
  it("is staff's alone", async () => {
    await expect(search(riyadh, {})).rejects.toMatchObject({ code: "forbidden", status: 403 });
  });

  it("shows every row once over all pages, those that need somebody first", async () => {
    const pages = await pagesOf((cursor) => search(support, cursor));
    expect(pages.map(({ rows }) => rows.length)).toEqual([50, 50, 50, 50, 50]);
    expect(pages[0]).toMatchObject({ total: { n: 250, is: "exact" }, current: true, previous: null });
    expect(new Set(ids(pages)).size).toBe(250);
    const states = pages.flatMap(({ rows }) => rows.map(({ state }) => state));
    expect(states.slice(0, 25).every((state) => state === "needs_reconnect")).toBe(true);
    expect(states.slice(25).every((state) => state === "healthy")).toBe(true);
  });

  it("leads back to the first page the way it came", async () => {
    const pages = await pagesOf((cursor) => search(support, cursor));
    const third = pages[2];
    const second = await search(support, third?.previous ?? {});
    expect(ids([second])).toEqual(ids([pages[1] ?? second]));
    const first = await search(support, second.previous ?? {});
    expect(ids([first])).toEqual(ids([pages[0] ?? first]));
    expect(first.previous).toBeNull();
  });

  it("filters by state over all pages, and finds as many as health counts", async () => {
    const { counts } = await healthReport(admin, {}, "UTC");
    const pages = await pagesOf((cursor) => search(support, { state: "needs_reconnect", ...cursor }, { page: 10 }));
    expect(ids(pages)).toHaveLength(counts.needs_reconnect);
    expect(pages.every(({ rows }) => rows.every(({ state }) => state === "needs_reconnect"))).toBe(true);
  });

  it.each(["", "x", "10.1.con_r1", `0.${"9".repeat(30)}.con_r1`])("starts over where a cursor is no cursor: %j", async (after) => {
    expect((await search(support, { after })).rows).toHaveLength(50);
  });

  describe("by what one was given", () => {
    beforeAll(async () => {
      const merchantId = merchantOf(jeddah);
      await database().execute(sql`update merchants set external_id = 'EXT-7788' where id = ${merchantId}`);
      await one(merchantId, { id: "con_named", label: "Corniche_1", attemptId: "att_reference", offer: "other" });
      await one(merchantId, { id: "con_account", label: "Corniche 1", accountLabel: "Tahlia Street", accountId: "MLR-4455" });
      await one(merchantId, {
        id: "con_parked",
        label: "Set aside",
        status: "pending",
        connectedAt: null,
        troubleCode: "held_elsewhere",
        accountId: "MLX-1",
      });
    });

    const found = async (q: string, more = {}) => (await search(support, { q, ...more })).rows.map(({ id }) => id).sort();

    it.each([
      ["a part of the merchant's name", "eddah", ["con_account", "con_named", "con_parked"]],
      ["its external id", "ext-7788", ["con_account", "con_named", "con_parked"]],
      ["a member's e-mail", "cotton@merchant.example", ["con_account", "con_named", "con_parked"]],
      ["a part of the store's name", "orniche", ["con_account", "con_named"]],
      ["the platform's name for it", "tahlia", ["con_account"]],
      ["the platform's id", "mlr-4455", ["con_account"]],
      ["our id of it", "con_named", ["con_named"]],
      ["the reference on the result page", "att_reference", ["con_named"]],
      ["nothing that is there", "con_name", []],
    ])("%s", async (_what, q, expected) => {
      expect(await found(q)).toEqual(expected);
    });

    it("our id of the merchant", async () => {
      expect(await found(merchantOf(jeddah))).toEqual(["con_account", "con_named", "con_parked"]);
    });

    it("takes wildcards at their word", async () => {
      expect(await found("corniche_1")).toEqual(["con_named"]);
      expect(await found("100%")).toEqual(["con_account", "con_named", "con_parked"]);
      expect(await found("jeddah%cotton")).toEqual([]);
      expect(await found("%")).toEqual([]);
      expect(await found("\\")).toEqual([]);
    });

    it("all of several words, in any order, and a short one at the beginning of a word", async () => {
      expect(await found("corniche jeddah")).toEqual(["con_account", "con_named"]);
      expect(await found("corniche riyadh")).toEqual([]);
      expect(await found("co")).toEqual(["con_account", "con_named", "con_parked"]);
      expect(await found("or")).toEqual([]);
    });

    it("narrowed by platform, and by state together", async () => {
      expect(await found("eddah", { offer: "other" })).toEqual(["con_named"]);
      expect(await found("eddah", { state: "pending" })).toEqual(["con_parked"]);
      expect(await found("eddah", { state: "pending", offer: "other" })).toEqual([]);
      expect(await found("eddah", { state: "no such state" })).toHaveLength(3);
    });
  });
});
