import { generateKeyPairSync } from "node:crypto";
import { sql } from "drizzle-orm";
import { beforeAll, describe, expect, it } from "vitest";
import { database } from "@/db/client";
import { countKinds } from "@/db/health-counts";
import { worker } from "@/lib/auth/actor";
import { makeIo, type OpenIo } from "@/lib/connections/open-io";
import { renewOnce } from "@/lib/connections/renew-once";
import { restate } from "@/lib/connections/restate";
import { testConnection } from "@/lib/connections/test-connection";
import { inspectEnv } from "@/lib/env";
import { stateCounts } from "@/lib/health/platform-rows";
import { offersFromEnv } from "@/lib/offers/from-env";
import { unseal } from "@/lib/vault";
import { makeMerchant } from "@/tests/auth/people";
import { useEnv } from "@/tests/auth/set-env";
import { worldClock } from "@/tests/demo/clock";
import { makePlatforms } from "@/tests/demo/platforms";
import { seededPlatform } from "@/tests/demo/seeded-platform";
import { fill } from "@/tests/demo/seeding/fill";
import { type Plan, planOf, type Slug } from "@/tests/demo/seeding/plan";
import { idOf, rowsNamedIn } from "@/tests/demo/seeding/secrets";
import type { Seeding } from "@/tests/demo/seeding/seeding";
import { environmentOf } from "@/tests/demo/world-environment";
import { useDatabase } from "@/tests/support/database";
import { sealedValues } from "@/tests/support/sealed-columns";
import { sweep } from "@/tests/support/sweep";

useEnv();
const ROWS = 400;
const slugs = ["square", "oauth2", "noon", "ultracart", "norce"] as const;
const origins = Object.fromEntries(slugs.map((slug) => [slug, `https://${slug}.test`])) as Record<Slug, string>;

const pair = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
  publicKeyEncoding: { type: "spki", format: "pem" },
});
const seeding: Seeding = { secret: "5eed".repeat(16), rows: ROWS, atMs: Date.now(), norceOrigin: origins.norce, noonKey: pair };
const plans = Array.from({ length: ROWS }, (_, index) => planOf(seeding, index));
const first = (fits: (plan: Plan) => boolean) => idOf(seeding, "con", plans.find(fits)?.index ?? -1);

/** The platforms of the demo's world, which issued what the rows hold, in this process. */
function seededWorld(): OpenIo {
  const { platforms } = makePlatforms({ productUrl: "http://localhost:3000", origins, file: () => null, clock: worldClock(), seeding });
  const identity = { issuer: "http://127.0.0.1:1", clientId: "latchkey", clientSecret: "CNRY-identity" };
  const variables = environmentOf(platforms, { ...origins, identity: identity.issuer }, "http://localhost:3000", identity, "CNRY-key");
  const own = { LATCHKEY_KEYS: process.env.LATCHKEY_KEYS, AUTH_SECRET: process.env.AUTH_SECRET, DATABASE_URL: process.env.DATABASE_URL };
  (globalThis as { latchkeyOffers?: unknown }).latchkeyOffers = offersFromEnv(inspectEnv({ ...own, ...variables }).env).offers;
  const memory = { seeding, troubled: () => true };
  const at = new Map(slugs.map((slug) => [new URL(origins[slug]).host, seededPlatform(platforms[slug], slug, memory).simulator]));
  return (offer, context) =>
    makeIo(offer, context, async (url, init) => {
      const simulator = at.get(new URL(url).host);
      if (!simulator) throw new Error(`Nothing lives at ${url}`);
      return simulator.handle(new Request(url, { redirect: "manual", ...init }));
    });
}

describe("the demo's seed", () => {
  useDatabase();
  let open: OpenIo;

  beforeAll(async () => {
    open = seededWorld();
    const guest = { merchantId: await makeMerchant("Riyadh Trading") };
    let interrupted = 0;
    await fill(seeding, guest, 0, (rows) => {
      interrupted = rows;
    });
    expect(interrupted).toBe(ROWS);
    // A demo that was ended before it had noted its last batch.
    await fill(seeding, guest, 0, () => undefined);
  });

  it("A17: most stores are healthy, every state that lasts is there, and the product works out the same ones", async () => {
    const counts = await counted();
    expect([...counts.values()].reduce((sum, n) => sum + n, 0)).toBe(ROWS);
    const lasting = [
      "revoked",
      "pending",
      "needs_reconnect",
      "expired_renewable",
      "refresh_failing",
      "renewal_late",
      "expiring_soon",
      "unknown",
    ];
    for (const state of lasting) expect(counts.get(state as Plan["fate"]), state).toBeGreaterThan(1);
    expect(counts.get("healthy")).toBeGreaterThan(ROWS * 0.7);
    const stored = await states();
    await database().execute(sql`update connections set state_changes_at = 'epoch'`);
    expect(await restate()).toBe(true);
    const differing = [...(await states())].filter(([id, state]) => stored.get(id) !== state);
    expect(differing).toEqual([]);
    for (const plan of plans)
      if (plan.mood !== "slow") expect(stored.get(idOf(seeding, "con", plan.index)), `row ${plan.index}`).toBe(plan.fate);
  });

  it("every secret is sealed for its row, is a canary, and names its row to nobody without the seed", async () => {
    const sealed = await sealedValues();
    expect(sealed.length).toBeGreaterThan(ROWS);
    const texts = sealed.map(({ value, place }) => unseal(value, place));
    for (const text of texts) expect(text).toMatch(/CNRY-|PRIVATE KEY/);
    const found = new Set(texts.flatMap((text) => [...rowsNamedIn(seeding, text)]));
    expect(found.size).toBe(plans.filter(({ fate }) => fate !== "revoked").length);
    expect(texts.flatMap((text) => [...rowsNamedIn({ ...seeding, secret: "0".repeat(64) }, text)])).toEqual([]);
  });

  it("a story is told of each, in the order in which it happened", async () => {
    const told = await database().execute<{ connections: number; disordered: number }>(sql`
      select count(distinct connection_id)::int as connections,
        count(*) filter (where at < before)::int as disordered
      from (select connection_id, at, lag(at) over (partition by connection_id order by id) as before from events where connection_id is not null) told`);
    expect(told.rows[0]).toEqual({ connections: ROWS, disordered: 0 });
  });

  it.each(slugs)("%s issued what its rows hold: a healthy one is renewed and proved", async (slug) => {
    const id = first(({ offer, fate }) => offer === slug && fate === "healthy");
    expect(await renewOnce(worker, id, ["active"], open)).toEqual({ kind: "renewed" });
    expect(await testConnection(worker, id, open)).toEqual({ kind: "works", unproved: false });
  });

  it("a platform that has trouble with an account goes on having it, and what it never issued it refuses", async () => {
    const stuck = first(({ fate }) => fate === "refresh_failing");
    expect(await renewOnce(worker, stuck, ["active"], open)).toMatchObject({ kind: "failed", error: { trouble: "transient" } });
    const refused = first(({ fate, offer }) => fate === "needs_reconnect" && offer === "square");
    expect(await testConnection(worker, refused, open)).toMatchObject({ kind: "failed", trouble: "reconnect" });
  });

  it("work that is due at once is little, whoever fetches on demand is left in peace, and a round changes no store's state", async () => {
    const due = await database().execute<{ due: number; warm: number }>(sql`
      select count(*) filter (where next_refresh_at <= app_now())::int as due,
        count(*) filter (where offer in ('norce', 'noon') and next_refresh_at is not null)::int as warm from connections`);
    expect(due.rows[0]?.due).toBeLessThan(ROWS * 0.05);
    const healthy = (await counted()).get("healthy") ?? 0;
    await sweep(open);
    await restate();
    expect((await counted()).get("needs_reconnect")).toBe(plans.filter(({ fate }) => fate === "needs_reconnect").length);
    expect((await counted()).get("healthy")).toBeGreaterThanOrEqual(healthy);
  });
});

const counted = async () => new Map<string, number>(Object.entries(stateCounts(await countKinds(database()))));

async function states(): Promise<Map<string, string>> {
  const found = await database().execute<{ id: string; state: string }>(sql`select id, state from connections`);
  return new Map(found.rows.map(({ id, state }) => [id, state]));
}
