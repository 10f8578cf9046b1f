import { randomBytes } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { sql } from "drizzle-orm";
import { beforeEach, describe, expect, it } from "vitest";
import { closeDatabase, database, openDatabase, transaction } from "@/db/client";
import { insertPending } from "@/db/connections";
import { newId } from "@/db/new-id";
import { dropSessionUses } from "@/db/platform-sessions";
import type { UserActor } from "@/lib/auth/actor";
import { sealIssued } from "@/lib/connections/sealed-grant";
import { sharedSession } from "@/lib/connections/session";
import { env } from "@/lib/env";
import type { Io } from "@/lib/providers/contract";
import { fingerprint, fingerprintKeyOf, seal } from "@/lib/vault";
import { setEnv, useEnv } from "@/tests/auth/set-env";
import { keepSecret } from "@/tests/leaks/run-folder";
import { useDatabase } from "@/tests/support/database";
import { aMerchant } from "@/tests/support/journey";

useEnv();
useDatabase();

const door = (merchantId = "mer_1", offer = "some", waitMs = 5_000) => sharedSession({ offer, merchantId, connectionId: null }, waitMs);
const shared = { shared: "merchant" as const, parts: ["host", "CNRY-client-secret"] };
const ahead = (seconds: number) => database().execute(sql`update clock set ahead = ahead + make_interval(secs => ${seconds})`);

/** A maker that counts, and numbers what it makes. */
function maker(lifeS: number | null = 600, takesMs = 20) {
  const made = { count: 0 };
  const make = async () => {
    made.count += 1;
    const value = `CNRY-session-${made.count}`;
    await pause(takesMs);
    const clock = await database().execute<{ now: string }>(sql`select app_now() as now`);
    return { value, expiresAt: lifeS === null ? null : new Date(new Date(clock.rows[0]?.now ?? "").getTime() + lifeS * 1000) };
  };
  return { made, make };
}

async function aConnection(owner: UserActor): Promise<string> {
  const at = { id: newId("con"), merchantId: owner.merchants[0]?.id ?? "" };
  const about = { offer: "some", provider: "oauth2", environment: "production", label: null, attemptId: null };
  const grant = sealIssued({ access: "CNRY-access", renewal: null, expiresAt: null, scopes: null }, at, []);
  await transaction((tx) => insertPending(tx, { ...at, ...about }, grant));
  return at.id;
}

const obtain = async (session: Io["session"], make: Parameters<Io["session"]>[1], rejected?: string) =>
  (await session(shared, make, rejected)).value;

beforeEach(async () => {
  await database().execute(sql`delete from platform_sessions`);
  await database().execute(sql`update clock set ahead = '0'`);
});

describe("a platform's session", () => {
  it("is made once for 20 that ask at the same time", async () => {
    const { made, make } = maker();
    const values = await Promise.all(Array.from({ length: 20 }, () => obtain(door(), make)));
    expect(new Set(values)).toEqual(new Set(["CNRY-session-1"]));
    expect(made.count).toBe(1);
  });

  it("stands sealed: neither it nor what it was made with can be read", async () => {
    await obtain(door(), maker().make);
    const { rows } = await database().execute<{ row: string }>(sql`select s::text as row from platform_sessions s`);
    expect(rows).toHaveLength(1);
    expect(rows[0]?.row).toContain("lk1.t1.");
    expect(rows[0]?.row).not.toContain("CNRY");
  });

  it.each([
    ["another merchant", door("mer_2"), shared],
    ["another offer", door("mer_1", "other"), shared],
    ["another secret", door(), { ...shared, parts: ["host", "wrong"] }],
    ["parts that join to the same", door(), { ...shared, parts: ["hostCNRY-client-secret"] }],
    ["the installation", door(), { ...shared, shared: "installation" as const }],
  ])("is not shared with %s", async (_, session, key) => {
    const { made, make } = maker();
    await obtain(door(), make);
    expect((await session(key, make)).value).toBe("CNRY-session-2");
    expect(made.count).toBe(2);
  });

  it("is the installation's for every merchant where that is meant", async () => {
    const { make } = maker();
    const key = { ...shared, shared: "installation" as const };
    expect((await door("mer_1")(key, make)).value).toBe((await door("mer_2")(key, make)).value);
  });

  it("is made anew with less than a minute to live, not before", async () => {
    const { make } = maker(600);
    await obtain(door(), make);
    await ahead(535);
    expect(await obtain(door(), make)).toBe("CNRY-session-1");
    await ahead(10);
    expect(await obtain(door(), make)).toBe("CNRY-session-2");
  });

  it("lasts where no end was told", async () => {
    const { make } = maker(null);
    await obtain(door(), make);
    await ahead(86_400 * 365);
    expect(await obtain(door(), make)).toBe("CNRY-session-1");
  });

  it("that was refused is made anew once, whoever had it refused", async () => {
    const { made, make } = maker();
    const old = await obtain(door(), make);
    const values = await Promise.all(Array.from({ length: 10 }, () => obtain(door(), make, old)));
    expect(new Set(values)).toEqual(new Set(["CNRY-session-2"]));
    expect(made.count).toBe(2);
  });

  it("is tried by the next at once when making it failed", async () => {
    await expect(obtain(door(), () => Promise.reject(new Error("refused")))).rejects.toThrow("refused");
    expect(await obtain(door(), maker().make)).toBe("CNRY-session-1");
  });

  it("whose maker died is made by another after 30 s, and the dead one's late value is not stored", async () => {
    const late = Promise.withResolvers<{ value: string; expiresAt: null }>();
    const first = obtain(door(), () => late.promise);
    await expect
      .poll(async () => (await database().execute(sql`select 1 from platform_sessions where lease_id is not null`)).rows.length)
      .toBe(1);
    await expect(obtain(door("mer_1", "some", 200), maker().make)).rejects.toMatchObject({ trouble: "transient", code: "session_busy" });
    await ahead(31);
    expect(await obtain(door(), maker().make)).toBe("CNRY-session-1");
    late.resolve({ value: "CNRY-late", expiresAt: null });
    expect(await first).toBe("CNRY-late");
    expect(await obtain(door(), maker().make)).toBe("CNRY-session-1");
  });

  it("S-37: is the same one whichever key comes first, and is made anew where its row cannot be read", async () => {
    const { made, make } = maker();
    await obtain(door(), make);
    const keys = process.env.LATCHKEY_KEYS;
    const next = `t2:${keepSecret("master key", randomBytes(32).toString("base64"))}`;
    // Both ends of a rotation at once, the second one without what the first may still remember.
    setEnv({ LATCHKEY_KEYS: `${next},${keys}` });
    await closeDatabase();
    await openDatabase({ migrate: false });
    expect(await obtain(door(), make)).toBe("CNRY-session-1");
    setEnv({ LATCHKEY_KEYS: `${keys},${next}` });
    expect(await obtain(door(), make)).toBe("CNRY-session-1");
    await database().execute(sql`update platform_sessions set value = 'lk1.t9.' || split_part(value, '.', 3) || '.AAAA'`);
    expect(await obtain(door(), make)).toBe("CNRY-session-2");
    expect(made.count).toBe(2);
    setEnv({ LATCHKEY_KEYS: keys });
  });

  it("is found again by who comes from a version whose fingerprints were made with the first key itself", async () => {
    const [key] = env().LATCHKEY_KEYS;
    const keyHash = key ? fingerprint(["some", "mer_1", ...shared.parts], fingerprintKeyOf(key)) : "";
    const id = newId("ses");
    const value = seal("CNRY-session-before", { table: "platform_sessions", column: "value", row: id, merchant: "mer_1" });
    await database().execute(sql`delete from own_secrets`);
    await database().execute(sql`
      insert into platform_sessions (id, offer, merchant_id, key_hash, value) values (${id}, 'some', 'mer_1', ${keyHash}, ${value})`);
    await closeDatabase();
    await openDatabase({ migrate: false });
    expect(await obtain(door(), maker().make)).toBe("CNRY-session-before");
  });

  it("is made anew for who finds it while the last connection that used it ends", async () => {
    const owner = await aMerchant("Shared");
    const [ends, stays] = [await aConnection(owner), await aConnection(owner)];
    const session = (connectionId: string) => sharedSession({ offer: "some", merchantId: "mer_1", connectionId });
    const { make } = maker(null, 0);
    for (let round = 0; round < 15; round += 1) {
      await obtain(session(ends), make);
      const found = Array.from({ length: 4 }, () => obtain(session(stays), make));
      const ended = [ends, stays].map((id) => transaction((tx) => dropSessionUses(tx, id)));
      expect((await Promise.all(found)).every((value) => value.startsWith("CNRY-session-"))).toBe(true);
      await Promise.all(ended);
    }
  });
});
