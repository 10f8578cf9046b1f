import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { promisify } from "node:util";
import type pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { closeDatabase, openDatabase } from "@/db/client";
import { ConfigurationError } from "@/lib/errors";
import { openLatchkey } from "@/lib/open-latchkey";
import { setEnv, useEnv } from "@/tests/auth/set-env";
import { administer, dropDatabase } from "@/tests/support/administer";
import { askAll, contents } from "@/tests/support/contents";
import { routeOfProcess, useDatabase } from "@/tests/support/database";

useEnv();
const address = useDatabase();

const key = () => randomBytes(32).toString("base64");
const [first, second, other] = [key(), key(), key()];

const ask = async <Row extends pg.QueryResultRow>(url: string, statement: string): Promise<Row[]> =>
  (await askAll<Row>(url, [statement]))[0] ?? [];

/** Starts with those keys; the faults, or null where it started. */
async function startWith(keys: string | undefined, url = address()): Promise<readonly string[] | null> {
  setEnv({ LATCHKEY_KEYS: keys, DATABASE_URL: url });
  await closeDatabase();
  try {
    await openLatchkey();
    return null;
  } catch (error) {
    if (error instanceof ConfigurationError) return error.faults;
    throw error;
  } finally {
    await closeDatabase();
  }
}

const marked = async () =>
  (await ask<{ key: string }>(address(), "select key_id || ' ' || stage as key from key_checks order by 1")).map(({ key }) => key);

beforeAll(async () => expect(await startWith(`k1:${first}`)).toBeNull());
afterAll(() => openDatabase({ migrate: false }));

describe("S-38 the keys of a database", () => {
  it.each<[string, string, RegExp]>([
    ["missing", `k2:${second}`, /sealed with key k1.*does not hold.*nothing was changed/],
    ["another one of that id", `k1:${other}`, /Key k1 .* is not the one.*nothing was changed/],
    ["another one of that id beside a good one", `k2:${second},k1:${other}`, /Key k1 /],
  ])("are refused when one is %s: named, and nothing is written", async (_, keys, sentence) => {
    const before = await contents(address());
    const faults = await startWith(keys);
    expect(faults).toHaveLength(1);
    expect(faults?.[0]).toMatch(sentence);
    for (const secret of [first, second, other]) expect(faults?.join()).not.toContain(secret);
    expect(await contents(address())).toEqual(before);
  });

  it("are named when LATCHKEY_KEYS is not set at all: nothing is made in their place, and nothing is written", async () => {
    const before = await contents(address());
    const faults = await startWith(undefined);
    expect(faults).toEqual([
      expect.stringContaining("LATCHKEY_KEYS is missing"),
      expect.stringMatching(/sealed with key k1, which LATCHKEY_KEYS does not hold. Put that key back.*nothing was changed/),
    ]);
    expect(await contents(address())).toEqual(before);
  });

  it("are asked of nobody where there is no database: what is missing is told all the same", async () => {
    const nowhere = Object.assign(new URL(address()), { pathname: "/there_is_none" }).href;
    expect(await startWith(undefined, nowhere)).toEqual([expect.stringContaining("LATCHKEY_KEYS is missing")]);
    expect(await startWith("k1:short", nowhere)).toEqual([expect.stringContaining("LATCHKEY_KEYS: key number 1")]);
  });

  it("pass when they are right, and write nothing more", async () => {
    const before = await contents(address());
    expect(await startWith(`k1:${first}`)).toBeNull();
    expect(await contents(address())).toEqual(before);
  });

  it("are found wrong before a migration is run", async () => {
    const name = `latchkey_keys_${randomBytes(4).toString("hex")}`;
    const url = new URL(address());
    url.pathname = `/${name}`;
    await administer(address(), `create database ${name} template template0 encoding 'UTF8' locale 'C.UTF-8'`);
    try {
      const [row] = await ask<{ key_id: string; value: string }>(address(), "select key_id, value from key_checks");
      await ask(url.href, `create table key_checks as select '${row?.key_id}' as key_id, '${row?.value}' as value`);
      expect(await startWith(`k1:${other}`, url.href)).toHaveLength(1);
      expect(Object.keys(await contents(url.href))).toEqual(["public.key_checks"]);
    } finally {
      await dropDatabase(address(), name);
    }
  });

  it("end a start by exit code 1 and a sentence without a stack", async () => {
    const before = await contents(address());
    const route = routeOfProcess();
    const args = ["--conditions=react-server", "--import", "tsx", ...route.flags, "lib/commands/migrate.ts"];
    const env = {
      ...process.env,
      ...route.environment,
      NODE_ENV: "production" as const,
      NODE_OPTIONS: "",
      DATABASE_URL: address(),
      LATCHKEY_KEYS: `k9:${other}`,
    };
    const ended = await promisify(execFile)(process.execPath, args, { env }).catch(
      (error: { code: number; stdout: string; stderr: string }) => error,
    );
    expect(ended).toMatchObject({ code: 1, stdout: "" });
    expect(ended.stderr).toMatch(/^Latchkey cannot start:\n {2}- The database is sealed with key k1, which/);
    expect(ended.stderr).not.toMatch(/\n\s+at |base64|postgres:/);
    expect(ended.stderr).not.toContain(other);
    expect(await contents(address())).toEqual(before);
  }, 30_000);

  it("S-37: may be missing for as long as they only open: who has a new one does not lock out who has not", async () => {
    expect(await startWith(`k1:${first},k2:${second}`)).toBeNull();
    expect(await marked()).toEqual(["k1 sealing", "k2 opening"]);
    expect(await startWith(`k1:${first}`)).toBeNull();
    expect((await startWith(`k1:${first},k2:${other}`))?.join()).toMatch(/Key k2 .* is not the one/);
    expect(await startWith(`k2:${second},k1:${first}`)).toBeNull();
    expect(await marked()).toEqual(["k1 sealing", "k2 sealing"]);
    expect(await startWith(`k1:${first}`)).toHaveLength(1);
    expect(await startWith(`k1:${first},k2:${second}`)).toBeNull();
    expect(await startWith(`k1:${other},k3:${other}`)).toHaveLength(2);
    expect(await marked()).toEqual(["k1 sealing", "k2 sealing"]);
    const told = await ask<{ kind: string; key: string }>(address(), "select kind, facts->>'key' as key from events");
    expect(told).toEqual([{ kind: "encryption_key.promoted", key: "k2" }]);
  });

  it("S-37: are not needed once they are retired, seal nothing any more, and give their id to no other", async () => {
    await ask(address(), "update key_checks set stage = 'retired' where key_id = 'k1'");
    expect(await startWith(`k2:${second}`)).toBeNull();
    expect(await startWith(`k2:${second},k1:${first}`)).toBeNull();
    expect(await startWith(`k1:${first},k2:${second}`)).toEqual([expect.stringMatching(/Key k1 stands first .* was retired/)]);
    expect(await startWith(`k2:${second},k1:${other}`)).toEqual([expect.stringMatching(/Key k1 .* id of one that was retired/)]);
  });

  it("refuse the slower of two first starts with different keys of one id", async () => {
    await ask(address(), "delete from key_checks");
    setEnv({ LATCHKEY_KEYS: `k1:${first}`, DATABASE_URL: address() });
    await openDatabase({ migrate: false });
    const { markKeys } = await import("@/lib/check-keys");
    await markKeys();
    setEnv({ LATCHKEY_KEYS: `k1:${other}` });
    await expect(markKeys()).rejects.toThrow("Key k1");
  });
});
