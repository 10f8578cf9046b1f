import { randomBytes } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openAlerts } from "@/db/alerts";
import { database, transaction } from "@/db/client";
import { findConnection } from "@/db/connections";
import { endRing, type KeyRing, tellRing } from "@/db/key-rings";
import { replaceSealed } from "@/db/resealing";
import type { Sealed } from "@/db/sealed";
import { rotatedColumns, type SealedColumn } from "@/db/sealed-columns";
import { watch } from "@/lib/alerts/watch";
import type { UserActor } from "@/lib/auth/actor";
import { checkKeys, markKeys } from "@/lib/check-keys";
import { renew } from "@/lib/connections/renew";
import { openGrant } from "@/lib/connections/sealed-grant";
import { type Env, env } from "@/lib/env";
import { sealEntry } from "@/lib/journal/entry";
import { createSlots } from "@/lib/journal/slots";
import type { Entry } from "@/lib/journal/work";
import { formatKeys, type Key } from "@/lib/key-ring";
import { addKey } from "@/lib/rotation/add-key";
import { census } from "@/lib/rotation/census";
import { listKeys } from "@/lib/rotation/list-keys";
import { promoteKey } from "@/lib/rotation/promote-key";
import { reencrypt } from "@/lib/rotation/reencrypt";
import { retireKey } from "@/lib/rotation/retire-key";
import { flushSealings } from "@/lib/rotation/tell-ring";
import type { Told } from "@/lib/rotation/told";
import { MOST_SEALINGS } from "@/lib/sealings";
import { seal, unseal } from "@/lib/vault";
import { told } from "@/tests/alerts/scene";
import { setEnv, useEnv } from "@/tests/auth/set-env";
import { keepSecret } from "@/tests/leaks/run-folder";
import { useDatabase } from "@/tests/support/database";
import { empty } from "@/tests/support/empty";
import { aMerchant } from "@/tests/support/journey";
import { BASE_URL, platforms } from "@/tests/support/platforms";
import { sealEverything } from "@/tests/support/seal-everything";
import { sealedValues } from "@/tests/support/sealed-columns";

useEnv({ LATCHKEY_URL: BASE_URL });
useDatabase();

const key = (id: string): Key => ({ id, bytes: Buffer.from(keepSecret("master key", randomBytes(32).toString("base64")), "base64") });
const [k1, k2] = [key("k1"), key("k2")];
const at = platforms();
const fast = { perSecond: 1e9 };
let mona: UserActor;
let store = "";

/** From now on this process is one that was started with those keys. */
function hold(...keys: Key[]): void {
  setEnv({ LATCHKEY_KEYS: formatKeys(keys) });
}

async function start(...keys: Key[]): Promise<void> {
  hold(...keys);
  await checkKeys();
  await markKeys();
}

const ring = (id: string, ...keys: Key[]): KeyRing => ({ id, kind: "web", keyIds: keys.map((one) => one.id) });
/** Another process lives and holds these keys, for as long as the work takes. */
async function beside<T>(other: KeyRing, work: () => Promise<T>): Promise<T> {
  await tellRing(database(), other);
  try {
    return await work();
  } finally {
    await endRing(database(), other.id);
  }
}

/** The ring that a command would have an operator set. */
function taken({ ok, says, line }: Told): Key[] {
  expect(ok, says).toBe(true);
  for (const part of (line ?? "").split(/[:,=]/)) if (part.length > 30) expect(says).not.toContain(part);
  return (line ?? "")
    .replace("LATCHKEY_KEYS=", "")
    .split(",")
    .map((part) => part.split(":"))
    .map(([id = "", base64 = ""]) => ({ id, bytes: Buffer.from(base64, "base64") }));
}

const events = async () => {
  const found = await database().execute<{ said: string }>(sql`
    select kind || ' ' || (facts->>'key') || ' ' || actor_id as said from events where kind like 'encryption_key.%' order by id`);
  return found.rows.map(({ said }) => said.replace("encryption_key.", ""));
};
const idsOf = async () => [...new Set((await census()).map(({ keyId }) => keyId))].sort();
const nameOf = ({ table, column }: { table: string; column: string }) => `${table}.${column}`;

beforeAll(async () => {
  await start(k1);
  mona = await aMerchant("Riyadh shop");
  store = (await sealEverything(at, mona)).first.id;
});

beforeEach(() => database().execute(sql`delete from events where kind like 'encryption_key.%'`));

describe("S-37: a rotation in stages", () => {
  it("goes on with two processes on different steps, seals every column anew, and does without the old key at last", async () => {
    const before = new Map((await sealedValues()).map(({ place, value }) => [JSON.stringify(place), unseal(value, place)]));
    expect(new Set([...before.keys()].map((place) => nameOf(JSON.parse(place))))).toEqual(
      new Set([...rotatedColumns.map(nameOf), "key_checks.value"]),
    );
    const added = taken(await addKey());
    keepSecret("master key", added[1]?.bytes.toString("base64") ?? "");
    const next = added[1] as Key;
    expect(added.map(({ id }) => id)).toEqual(["k1", "k2"]);

    // Where one process has it and the other has not, nobody lets it seal.
    hold(k1, next);
    expect((await beside(ring("a", k1), () => promoteKey("k2"))).says).toMatch(/could not be opened by a web process \(k1\)/);
    const promoted = taken(await beside(ring("a", k1, next), () => promoteKey("k2")));
    expect(promoted.map(({ id }) => id)).toEqual(["k2", "k1"]);

    // One is started anew, the other not yet: each reads what the other seals.
    await start(next, k1);
    expect((await renew(mona, store, at.open)).kind).toBe("renewed");
    hold(k1, next);
    const renewed = await findConnection(database(), store);
    expect(renewed?.access?.split(".")[1]).toBe("k2");
    expect(openGrant(renewed as never).access).toContain("CNRY-");
    expect((await renew(mona, store, at.open)).kind).toBe("renewed");
    hold(next, k1);
    expect(openGrant((await findConnection(database(), store)) as never).access).toContain("CNRY-");
    expect((await beside(ring("a", k1, next), () => promoteKey("k2"))).says).toMatch(/not yet at a web process \(k1, k2\)/);

    const done = await beside(ring("b", next, k1), () => beside(ring("a", k1, next), () => reencrypt(fast)));
    expect(done.says).toMatch(/No other key is needed any more/);
    expect(await idsOf()).toEqual(["k2"]);
    expect((await beside(ring("a", k1, next), () => retireKey("k1"))).says).toMatch(/still what a web process \(k1, k2\) seals with/);
    expect(taken(await beside(ring("a", next, k1), () => retireKey("k1"))).map(({ id }) => id)).toEqual(["k2"]);

    await start(next);
    const after = await sealedValues();
    for (const { place, value } of after.filter(({ place }) => place.row !== "k1")) {
      const was = before.get(JSON.stringify(place));
      if (was !== undefined && place.row !== store) expect(unseal(value, place), nameOf(place)).toBe(was);
    }
    expect((await renew(mona, store, at.open)).kind).toBe("renewed");
    expect(await events()).toEqual([
      "added k2 command",
      "promoted k2 worker",
      "reencryption_begun k2 command",
      "reencrypted k2 command",
      "retired k1 command",
    ]);
    expect((await listKeys()).says).toMatch(/k1: retired; .*\n {2}0 values\nk2: seals; /);
    hold(k1);
    await expect(checkKeys()).rejects.toThrow(/Key k1 stands first/);
    await database().execute(sql`delete from key_checks`);
  });

  it("goes on where it was broken off, and tells once that it began", async () => {
    await empty("connections", "grants", "attempts", "platform_sessions", "alert_destinations", "offers", "offer_tries", "own_secrets");
    await start(k1);
    await sealEverything(at, await aMerchant("Jeddah shop"));
    await start(k2, k1);
    const counted = await census();
    const all = counted.reduce((sum, { n }) => sum + n, 0);
    const filled = new Set(counted.map(nameOf)).size;
    let columns = 0;
    const breaksOff = () => {
      columns += 1;
      if (columns > 3) throw new Error("killed");
    };
    await expect(reencrypt({ ...fast, batch: 1, say: breaksOff })).rejects.toThrow("killed");
    expect(await idsOf()).toEqual(["k1", "k2"]);
    expect((await listKeys()).says).toContain("reencrypt goes on with it");
    const said: string[] = [];
    const done = await reencrypt({ ...fast, batch: 1, say: (line) => said.push(line) });
    expect(said[0]).toContain("going on where it was broken off");
    expect(said.length).toBe(filled - 4 + 1);
    expect(done.says).toMatch(new RegExp(`^${all} values are sealed anew with key k2. No other key`));
    expect((await events()).filter((event) => event.startsWith("reenc"))).toEqual([
      "reencryption_begun k2 command",
      "reencrypted k2 command",
    ]);
    expect((await reencrypt(fast)).says).toMatch(/^0 values are/);
  });

  it("never overwrites what was renewed or erased between its look and its write", async () => {
    const column = rotatedColumns.find((one) => nameOf(one) === "connections.access") as SealedColumn;
    const [row] = (await database().execute<{ id: string; access: Sealed }>(sql`select id, access from connections limit 1`)).rows;
    if (!row) throw new Error("no store");
    const change = { row: row.id, seen: row.access, fresh: "lk1.k2.stale.stale" as Sealed };
    for (const newer of ["lk1.k2.newer.newer", null]) {
      await database().execute(sql`update connections set access = ${newer} where id = ${row.id}`);
      expect(await transaction((tx) => replaceSealed(tx, column, [change]))).toBe(0);
      expect((await findConnection(database(), row.id))?.access).toBe(newer);
    }
    await database().execute(sql`update connections set access = ${row.access} where id = ${row.id}`);
    expect(await transaction((tx) => replaceSealed(tx, column, [{ ...change, fresh: row.access }]))).toBe(1);
  });

  it("takes no more values a second than it was told to", async () => {
    hold(k1, k2);
    const began = performance.now();
    await reencrypt({ perSecond: 40, batch: 5 });
    const { n } = (await census()).reduce((sum, one) => ({ n: sum.n + one.n }), { n: 0 });
    expect(performance.now() - began).toBeGreaterThan((n / 40) * 1_000 * 0.8);
    hold(k2, k1);
    await reencrypt(fast);
  });

  it("refuses what would take a key from somebody who needs it", async () => {
    hold(k2, k1);
    expect((await retireKey("k2")).says).toMatch(/stands first and seals/);
    expect((await retireKey("k9")).says).toMatch(/No key k9/);
    expect((await promoteKey("k9")).says).toMatch(/Key k9 is not among the keys here \(k2, k1\)/);
    expect((await beside(ring("a", k1), () => reencrypt(fast))).says).toMatch(/could not be opened by a web process \(k1\)/);
    expect((await beside(ring("a", k1, k2), () => reencrypt(fast))).says).toMatch(/stands first here and nowhere else/);
    const place = { table: "own_secrets", column: "value", row: "needs", merchant: "" };
    const put = (value: string) =>
      database().execute(sql`insert into own_secrets (name, value) values ('needs', ${value})
        on conflict (name) do update set value = excluded.value`);
    await put(seal("CNRY-needs", place, [k1]));
    expect(await retireKey("k1")).toMatchObject({ ok: false, says: expect.stringMatching(/^1 value needs key k1/) });
    // Whether it could be opened nobody can say who has not got it.
    hold(k2);
    expect((await retireKey("k1")).says).toMatch(/^1 value needs key k1/);
    hold(k2, k1);
    await put(seal("CNRY-needs", place, [k2, k1]));
    const folder = await mkdtemp(join(tmpdir(), "latchkey-journal-"));
    const slots = await createSlots(join(folder, "one.journal"), null);
    hold(k1);
    await slots.write(await slots.take(), sealEntry({ v: 1, kept: "k", step: 1 } as Entry, "one", 0));
    hold(k2, k1);
    setEnv({ LATCHKEY_JOURNAL: folder });
    expect((await retireKey("k1")).says).toMatch(/^1 answer in the journal here was sealed with key k1/);
    await slots.close();
    await rm(folder, { recursive: true });
    setEnv({ LATCHKEY_JOURNAL: "off" });
    // What no key opens is lost with it or without it.
    await put("lk1.k1.AAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    expect((await reencrypt(fast)).says).toMatch(/1 value is still sealed with other keys/);
    expect((await retireKey("k1")).ok).toBe(true);
  });
});

describe("S-37: keys beside the embedded database", () => {
  let folder = "";
  const local = (...keys: Key[]) => {
    hold(...keys);
    (globalThis as { latchkeyEnv?: Env }).latchkeyEnv = { ...env(), keysAreLocal: true };
  };
  const text = async () => (await readFile(join(folder, "keys"), "utf8")).trim();

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "latchkey-keys-"));
    await writeFile(join(folder, "keys"), `${formatKeys([k2])}\n`, { mode: 0o600 });
    await database().execute(sql`delete from key_checks`);
    await start(k2);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it("are put into their file whole, for its owner alone, and no key is said", async () => {
    local(k2);
    const added = await addKey(folder);
    const ids = async () => (await text()).split(",").map((part) => part.split(":")[0]);
    expect(added).not.toHaveProperty("line");
    expect(await ids()).toEqual(["k2", "k3"]);
    const bytes = Buffer.from((await text()).split(":").at(-1) ?? "", "base64");
    const k3 = { id: "k3", bytes };
    expect(added.says).not.toContain(keepSecret("master key", bytes.toString("base64")));
    expect((await stat(join(folder, "keys"))).mode & 0o777).toBe(0o600);
    local(k2, k3);
    expect((await promoteKey("k3", folder)).says).toContain(".latchkey/keys");
    expect(await ids()).toEqual(["k3", "k2"]);
    await start(k3, k2);
    local(k3, k2);
    await reencrypt(fast);
    expect((await retireKey("k2", folder)).ok).toBe(true);
    expect(await ids()).toEqual(["k3"]);
    expect(await readdir(folder)).toEqual(["keys"]);
    local(k3);
    await checkKeys();
  });
});

describe("S-39: how often a key has sealed", () => {
  const sealings = async (id: string) =>
    Number((await database().execute<{ n: string }>(sql`select sealings as n from key_checks where key_id = ${id}`)).rows[0]?.n);

  it("is counted over all processes, and what could not be written is written later", async () => {
    const last =
      (await database().execute<{ id: string }>(sql`select key_id as id from key_checks where stage = 'sealing'`)).rows[0]?.id ?? "";
    await flushSealings();
    const before = await sealings(last);
    const place = { table: "t", column: "c", row: "r", merchant: "" };
    const ring = env().LATCHKEY_KEYS;
    for (let n = 0; n < 5; n += 1) seal("x", place, ring);
    await flushSealings();
    await flushSealings();
    expect(await sealings(last)).toBe(before + 5);
  });

  it("raises an alarm at 2^31, until another key seals", async () => {
    await told({ key_worn: 1 });
    const [first] = env().LATCHKEY_KEYS;
    const count = (n: number) => database().execute(sql`update key_checks set sealings = ${n} where key_id = ${first?.id}`);
    await count(MOST_SEALINGS - 1);
    await watch(["key_worn"]);
    expect(await openAlerts(database())).toEqual([]);
    await count(MOST_SEALINGS);
    await watch(["key_worn"]);
    expect(await openAlerts(database())).toMatchObject([{ kind: "key_worn", cause: first?.id, facts: { key: first?.id } }]);
    expect((await listKeys()).says).toContain("has sealed 2,147,483,648 times, which is as often as it may: rotate it");
    hold(key("k7"), first as Key);
    await watch(["key_worn"]);
    await database().execute(sql`update clock set ahead = ahead + interval '11 minutes'`);
    await watch(["key_worn"]);
    expect(await openAlerts(database())).toEqual([]);
  });
});
