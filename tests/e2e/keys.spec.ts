import { createHash, randomBytes } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { eq, sql } from "drizzle-orm";
import { database } from "@/db/client";
import { newId } from "@/db/new-id";
import { connections } from "@/db/schema";
import { sealedColumns } from "@/db/sealed-columns";
import { openIo } from "@/lib/connections/open-io";
import { receiveAnswer } from "@/lib/connections/receive-answer";
import { openGrant } from "@/lib/connections/sealed-grant";
import { testConnection } from "@/lib/connections/test-connection";
import { offer } from "@/lib/offers/offers";
import { seal, unseal } from "@/lib/vault";
import type { World } from "@/tests/demo/world";
import { contents } from "@/tests/support/contents";
import { aMerchant, approve, attemptOf, connected, type Platforms, start } from "@/tests/support/journey";
import { sealedValues } from "@/tests/support/sealed-columns";
import { sealOffer } from "@/tests/support/sealed-offers";
import { expect, test } from "./support/test";

const slugs = ["noon", "norce", "ultracart", "square", "oauth2"] as const;
const given = (name: string) => process.env[name] ?? "";
const random = () => randomBytes(32).toString("base64");

/** Gives this process the product's configuration, or takes it away again. */
function setEnv(values: Record<string, string | undefined>): void {
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
  Object.assign(globalThis, { latchkeyEnv: undefined, latchkeyOffers: undefined, latchkeyFetch: undefined });
}

/** What a thief or a repair could leave beside the program: names and hashes, the embedded database's folder apart. */
function secretsOnDisk(): string[] {
  const folder = ".latchkey";
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile());
  return files.map(
    ({ name }) =>
      `${name} ${createHash("sha256")
        .update(readFileSync(join(folder, name)))
        .digest("hex")}`,
  );
}

/** Every row, where it lies and who wrote it, and every sequence: one hash. */
async function fingerprint(): Promise<string> {
  return createHash("sha256")
    .update(JSON.stringify(await contents(given("DATABASE_URL"))))
    .digest("hex");
}

/** This process does what the product does, with the product's own configuration: a store of every platform, and something in every sealed column. */
async function fill(world: World) {
  const at = { simulators: world.platforms, open: openIo } as unknown as Platforms;
  const mona = await aMerchant(`Keys ${newId("run")}`);
  for (const slug of slugs) await connected(at, mona, slug);
  const rows = await database()
    .select()
    .from(connections)
    .where(eq(connections.merchantId, mona.merchants[0]?.id ?? ""));
  const grant = { id: newId("grant"), merchant: mona.merchants[0]?.id ?? "" };
  const sealed = (column: string) => seal(`CNRY-candidate-${column}`, { table: "grants", column, row: grant.id, merchant: grant.merchant });
  await database().execute(sql`insert into grants (id, connection_id, merchant_id, reason, access, renewal, epoch)
    values (${grant.id}, ${rows[0]?.id}, ${grant.merchant}, 'candidate', ${sealed("access")}, ${sealed("renewal")}, 0)`);
  const hook = newId("dst");
  const secret = (column: string) => seal(`CNRY-webhook-${column}`, { table: "alert_destinations", column, row: hook, merchant: "" });
  await database().execute(sql`insert into alert_destinations (id, kind, address, secret, previous_secret, disabled_at)
    values (${hook}, 'webhook', 'https://receiver.example/', ${secret("secret")}, ${secret("previous_secret")}, app_now())`);
  await sealOffer();
  const begun = await start(at, mona, "oauth2");
  const query = await approve(at, "oauth2", begun.url, "acct-dammam");
  await receiveAnswer("oauth2", query, begun.cookie, mona);
  return { mona, rows, attemptId: begun.attemptId };
}

test("S-38: a server without the right key ends and says so, changing nothing; with it, everything is read", async ({ installation }) => {
  test.setTimeout(180_000);
  const { world } = installation;
  await installation.product().stop();
  const own = { ...world.environment, LATCHKEY_KEYS: given("E2E_KEYS"), AUTH_SECRET: given("E2E_AUTH_SECRET") };
  const before = Object.fromEntries(Object.keys(own).map((name) => [name, process.env[name]]));
  setEnv(own);
  try {
    const { mona, rows, attemptId } = await fill(world);
    const values = await sealedValues();
    expect(new Set(values.map(({ place }) => `${place.table}.${place.column}`))).toEqual(
      new Set(sealedColumns.map(({ table, column }) => `${table}.${column}`)),
    );
    const [intact, disk] = [await fingerprint(), secretsOnDisk()];

    const wrong: [what: string, keys: string | undefined, sentence: RegExp][] = [
      [
        "another key of the same id",
        `e2e:${random()}`,
        /Key e2e in LATCHKEY_KEYS is not the one that sealed this database\. Put the right one back/,
      ],
      ["another id", `k2:${random()}`, /sealed with key e2e, which LATCHKEY_KEYS does not hold\. Put that key back/],
      ["another key of that id beside a new one", `k2:${random()},e2e:${random()}`, /Key e2e in LATCHKEY_KEYS is not the one/],
      ["no keys", undefined, /LATCHKEY_KEYS is missing[\s\S]*sealed with key e2e, which LATCHKEY_KEYS does not hold\. Put that key back/],
      ["half a key", `e2e:${given("E2E_KEYS").slice(4, 20)}`, /LATCHKEY_KEYS: key number 1[\s\S]*sealed with key e2e/],
    ];
    for (const [what, keys, sentence] of wrong) {
      const { status, said } = await installation.startInVain({ LATCHKEY_KEYS: keys });
      expect(status, what).toBe(1);
      expect(said, what).toMatch(/^Latchkey cannot start:\n/);
      expect(said, what).toMatch(sentence);
      expect(said, what).toContain("nothing was changed");
      for (const part of (keys ?? "").split(/[:,]/)) if (part.length > 8) expect(said, what).not.toContain(part);
      expect(said, what).not.toMatch(/\n\s+at |ready at|started/);
      expect(await fingerprint(), what).toBe(intact);
      expect(secretsOnDisk(), what).toEqual(disk);
    }

    for (const { place, value } of values) expect(unseal(value, place), `${place.table}.${place.column}`).not.toBe("");
    const { ledger } = world.platforms.norce;
    const sessions = ledger.count("token", 200);
    // Everything is due at once and in use, and the answer that waits is old enough for the job.
    await database().execute(
      sql`update connections set next_refresh_at = app_now(), used_at = app_now() where merchant_id = ${mona.merchants[0]?.id}`,
    );
    await database().execute(sql`update attempts set answered_at = app_now() - interval '20 seconds' where id = ${attemptId}`);
    await installation.start();
    for (const old of rows) {
      const now = async () => (await database().select().from(connections).where(eq(connections.id, old.id)))[0];
      await expect.poll(async () => (await now())?.generation, { message: old.offer, timeout: 60_000 }).toBe(old.generation + 1);
      const row = await now();
      if (!row) throw new Error("The row is gone");
      expect(row).toMatchObject({ status: "active", trouble: null });
      expect(Object.values(offer(row.offer).provider.headers(openGrant(row))).join(" ")).toContain("CNRY-");
      expect(await testConnection(mona, row.id)).toMatchObject({ kind: "works" });
    }
    await expect.poll(async () => (await attemptOf(attemptId)).outcome, { timeout: 60_000 }).toBe("connected");
    // The session that they shared was read too: nobody asked for another.
    expect(ledger.count("token", 200)).toBe(sessions);
  } finally {
    setEnv(before);
  }
});
