import { createHash, randomBytes } from "node:crypto";
import { cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { closeDatabase, database, openDatabase } from "@/db/client";
import type { Connection } from "@/db/connections";
import { findConnection } from "@/db/connections";
import { atOneMoment } from "@/lib/audit/check-chain";
import { sealWaiting } from "@/lib/audit/seal-waiting";
import { verifyChain } from "@/lib/audit/verify-chain";
import type { UserActor } from "@/lib/auth/actor";
import { backUp } from "@/lib/backup/back-up";
import { sealOf } from "@/lib/backup/backup-form";
import { restore } from "@/lib/backup/restore";
import { checkKeys, markKeys } from "@/lib/check-keys";
import { renew } from "@/lib/connections/renew";
import { revoke } from "@/lib/connections/revoke";
import { show } from "@/lib/connections/show";
import { testConnection } from "@/lib/connections/test-connection";
import { env } from "@/lib/env";
import { setEnv, useEnv } from "@/tests/auth/set-env";
import { administer, dropDatabase } from "@/tests/support/administer";
import { askAll } from "@/tests/support/contents";
import { useDatabase } from "@/tests/support/database";
import { aMerchant, connected } from "@/tests/support/journey";
import { BASE_URL, platforms } from "@/tests/support/platforms";
import { isNeon, neonAddress, plainAddress } from "@/tests/support/route";
import { sealOffer } from "@/tests/support/sealed-offers";

useEnv({ LATCHKEY_URL: BASE_URL });
const address = useDatabase();
const at = platforms();
const slugs = ["noon", "norce", "ultracart", "square", "oauth2"] as const;
const made: string[] = [];
let folder = "";
let mona: UserActor;
let stores: Connection[] = [];
let endedId = "";

/** An empty database beside this file's own, by its plain address. */
async function empty(): Promise<string> {
  const name = `latchkey_restored_${randomBytes(4).toString("hex")}`;
  await administer(address(), `create database ${name} template template0 encoding 'UTF8' locale 'C.UTF-8'`);
  made.push(name);
  return Object.assign(new URL(plainAddress(address())), { pathname: `/${name}` }).href;
}

/** Every row of every table of ours as text. */
async function rowsOf(url: string, except: readonly string[] = []): Promise<Record<string, string[]>> {
  const [tables = []] = await askAll<{ name: string }>(url, [
    "select tablename as name from pg_tables where schemaname = 'public' order by 1",
  ]);
  const names = tables.map(({ name }) => name).filter((name) => !except.includes(name));
  const rows = await askAll<{ row: string }>(
    url,
    names.map((name) => `select t::text as row from ${name} t order by 1`),
  );
  return Object.fromEntries(names.map((name, index) => [name, (rows[index] ?? []).map(({ row }) => row)]));
}

const file = (name: string) => join(folder, name);
const tablesIn = async (url: string) => (await askAll(url, ["select from pg_tables where schemaname in ('public', 'drizzle')"]))[0]?.length;

async function open(url: string): Promise<void> {
  await closeDatabase();
  process.env.DATABASE_URL = isNeon(address()) ? neonAddress(url) : url;
  await openDatabase();
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "latchkey-backup-"));
  mona = await aMerchant('Riyadh \\ shop\t"الأمل"');
  for (const slug of slugs) stores.push(await connected(at, mona, slug));
  const [, , , ended] = stores;
  await revoke(mona, { connectionId: String(ended?.id) }, at.open);
  endedId = String(ended?.id);
  stores = stores.filter(({ id }) => id !== ended?.id);
  await sealOffer();
  await markKeys();
  await sealWaiting();
});
afterAll(async () => {
  await closeDatabase();
  process.env.DATABASE_URL = address();
  await openDatabase({ migrate: false });
  for (const name of made) await dropDatabase(address(), name);
  await rm(folder, { recursive: true, force: true });
});

describe("S-45 a backup and the keys bring an installation back on another server", () => {
  it("every row of every table is there again, sequences go on, and the stores work", async () => {
    const before = await rowsOf(address());
    const done = await backUp(file("quiet"), plainAddress(address()));
    expect(done.rows).toEqual(Object.fromEntries(Object.entries(before).map(([name, rows]) => [name, rows.length])));
    expect((await stat(file("quiet"))).mode & 0o777).toBe(0o600);
    expect(gunzipSync(await readFile(file("quiet"))).includes("CNRY-")).toBe(false);
    const there = await empty();
    await restore(file("quiet"), there);
    const own = ["sessions", "verification_tokens", "restores", "events", "unsealed_events"];
    const after = await rowsOf(there, own);
    expect(after).toEqual(Object.fromEntries(Object.entries(before).filter(([name]) => !own.includes(name))));
    const [events = [], sessions = [], restores = []] = await askAll<{ row: string }>(there, [
      "select e::text as row from events e order by id",
      "select from sessions",
      "select from restores",
    ]);
    expect(
      events
        .slice(0, -1)
        .map(({ row }) => row)
        .sort(),
    ).toEqual(before.events);
    expect(events.at(-1)?.row).toContain("backup.restored");
    expect([sessions.length, restores.length]).toEqual([0, 1]);

    await open(there);
    await checkKeys();
    await sealWaiting();
    expect(await atOneMoment((tx) => verifyChain(tx))).toMatchObject({ fault: null });
    for (const { id } of stores) {
      expect(await testConnection(mona, id, at.open)).toMatchObject({ kind: "works" });
      expect(await renew(mona, id, at.open)).toEqual({ kind: "renewed" });
    }
    // What reacts to a change does so again.
    await database().execute(sql`update merchants set name = 'Moved shop'`);
    const text = await database().execute<{ folded: string }>(sql`select folded from connection_texts limit 1`);
    expect(text.rows[0]?.folded).toContain("moved shop");
    expect(await sealWaiting()).toBe(false);
    const places = await database().execute(sql`select from event_seals group by event_id having count(*) > 1`);
    expect(places.rows).toEqual([]);
  });

  it("is of one moment, whatever is written meanwhile", async () => {
    await open(plainAddress(address()));
    let writing = true;
    let renewals = 0;
    const write = async (turn: number) => {
      while (writing) {
        await renew(mona, String(stores[turn]?.id), at.open);
        await sealWaiting();
        renewals += 1;
      }
    };
    const writers = [0, 1, 2].map(write);
    const path = file("busy");
    await backUp(path, plainAddress(address())).finally(() => {
      writing = false;
    });
    await Promise.all(writers);
    expect(renewals).toBeGreaterThan(0);
    const there = await empty();
    await restore(path, there);
    const [halves = [], tallies = [], places = []] = await askAll<Record<string, unknown>>(there, [
      // A renewal and its event are one commit.
      `select c.id from connections c where c.status = 'active' and c.generation - 1 <>
         (select count(*) from events e where e.connection_id = c.id and e.kind = 'connection.renewed')`,
      `select from (select state, sum(n) as n from state_tallies group by 1) t full join
         (select state, count(*) as n from connections where state is not null group by 1) c using (state) where t.n is distinct from c.n and coalesce(t.n, 0) <> 0`,
      `select from events e where (select count(*) from event_seals s where s.event_id = e.id)
         + (select count(*) from unsealed_events u where u.event_id = e.id) <> 1`,
    ]);
    expect([halves, tallies, places]).toEqual([[], [], []]);
    await open(there);
    const row = await findConnection(database(), String(stores[0]?.id));
    expect(row?.status).toBe("active");
  });
});

it("P-06 a backup of an older build is laid out as it was then, and brought on by the migrations that have come since", async () => {
  const newer = file("migrations");
  await cp("db/migrations", newer, { recursive: true });
  const journal = JSON.parse(await readFile(join(newer, "meta/_journal.json"), "utf8"));
  journal.entries.push({ ...journal.entries.at(-1), idx: journal.entries.length, when: 4_000_000_000_000, tag: "9999_since" });
  await writeFile(join(newer, "meta/_journal.json"), JSON.stringify(journal));
  await writeFile(
    join(newer, "9999_since.sql"),
    "alter table merchants add column spelt text; --> statement-breakpoint\nupdate merchants set spelt = upper(name);",
  );
  const there = await empty();
  await restore(file("quiet"), there, newer);
  const [found] = await askAll<{ spelt: string }>(there, ["select spelt from merchants"]);
  expect(found).toEqual([{ spelt: 'RIYADH \\ SHOP\t"الأمل"' }]);
});

it("S-44 a revocation erases what was sealed in the row at once, and tells until when backups from before are kept", async () => {
  await open(plainAddress(address()));
  const receipt = async () => (await show(mona, endedId)).connection.revoked;
  expect(await findConnection(database(), endedId)).toMatchObject({ access: null, renewal: null, status: "revoked" });
  expect(await receipt()).toMatchObject({ erasedAt: expect.any(Date), inBackupsUntil: null });
  setEnv({ LATCHKEY_BACKUP_DAYS: "30" });
  const kept = await receipt();
  setEnv({ LATCHKEY_BACKUP_DAYS: undefined });
  expect(Number(kept?.inBackupsUntil) - Number(kept?.erasedAt)).toBe(30 * 86_400_000);
});

describe("a backup is refused", () => {
  let target = "";
  const bytes = () => readFile(file("quiet"));
  const refuses = async (name: string, content: Buffer, why: RegExp) => {
    await writeFile(file(name), content);
    await expect(restore(file(name), target), name).rejects.toThrow(why);
    expect(await tablesIn(target), name).toBe(0);
  };
  beforeAll(async () => {
    target = await empty();
  });

  it("where it was cut off, at any place", async () => {
    const whole = await bytes();
    for (const part of [0, 1, 0.5, 0.9, 0.999])
      await refuses("cut", whole.subarray(0, part === 1 ? 1 : Math.floor(whole.length * part)), /cut off or altered/);
    const lines = gunzipSync(whole).toString("latin1").split("\n");
    for (const gone of [1, 2, lines.length >> 1])
      await refuses("shorter", gzipSync(Buffer.from([...lines.slice(0, -1 - gone), ""].join("\n"), "latin1")), /cut off or altered/);
  });

  it("where a byte was altered, a row taken out, or the digest made anew without the key", async () => {
    const text = gunzipSync(await bytes()).toString("latin1");
    await refuses("flipped", gzipSync(Buffer.from(text.replace("Riyadh", "Jeddah"), "latin1")), /cut off or altered/);
    const lines = text.split("\n");
    const row = lines.findIndex((line) => line.startsWith("con_"));
    await refuses("row", gzipSync(Buffer.from(lines.toSpliced(row, 1).join("\n"), "latin1")), /cut off or altered/);
    const forged = text.replace("Riyadh", "Jeddah").trimEnd().split("\n");
    const closing = JSON.parse(String(forged.pop()));
    closing.sha256 = createHash("sha256")
      .update(Buffer.from(`${forged.join("\n")}\n`, "latin1"))
      .digest("hex");
    const other = { id: closing.seal.keyId, bytes: randomBytes(32) };
    closing.seal.value = sealOf(closing.sha256, other);
    await refuses(
      "forged",
      gzipSync(Buffer.from(`${forged.join("\n")}\n${JSON.stringify(closing)}\n`, "latin1")),
      /altered after it was made/,
    );
  });

  it("without its keys, which it names, and with another under the same id", async () => {
    const [key] = env().LATCHKEY_KEYS;
    const before = process.env.LATCHKEY_KEYS;
    for (const [id, why] of [
      ["other", new RegExp(`needs the key ${key?.id}`)],
      [String(key?.id), /not the one that sealed/],
    ] as const) {
      setEnv({ LATCHKEY_KEYS: `${id}:${randomBytes(32).toString("base64")}` });
      await refuses("keys", await bytes(), why);
    }
    setEnv({ LATCHKEY_KEYS: before });
  });

  it("with another key of the audit, which would take every change for a forgery", async () => {
    setEnv({ LATCHKEY_AUDIT_KEY: randomBytes(32).toString("base64") });
    await refuses("audit", await bytes(), /another LATCHKEY_AUDIT_KEY/);
    setEnv({ LATCHKEY_AUDIT_KEY: undefined });
  });

  it("where the database holds anything, or the build does not know how it was laid out", async () => {
    await expect(restore(file("quiet"), plainAddress(address()))).rejects.toThrow(/holds tables already/);
    const text = gunzipSync(await bytes()).toString("latin1");
    await refuses(
      "newer",
      gzipSync(Buffer.from(text.replace(/"migration":\{"at":\d+/, '"migration":{"at":9999999999999'), "latin1")),
      /newer build/,
    );
  });

  it("as a file that is there already, and leaves nothing half-made", async () => {
    await expect(backUp(file("quiet"), plainAddress(address()))).rejects.toThrow(/is there already/);
    await expect(backUp(join(folder, "nowhere", "file"), plainAddress(address()))).rejects.toThrow(/cannot be written \(ENOENT\)/);
    expect((await readdir(folder)).filter((name) => name.endsWith(".part"))).toEqual([]);
  });
});
