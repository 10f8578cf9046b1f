import { randomBytes } from "node:crypto";
import { sql } from "drizzle-orm";
import { beforeAll, expect, it } from "vitest";
import { GET } from "@/app/api/v1/[...path]/route";
import { revokeKey } from "@/db/api-keys";
import { database, transaction } from "@/db/client";
import { api } from "@/lib/api/app";
import { withClientAddress } from "@/lib/client-address";
import { findKey } from "@/lib/keys/find-key";
import { newKeyToken } from "@/lib/keys/key-token";
import { eventKinds, moveClock } from "@/tests/auth/people";
import { setEnv, useEnv } from "@/tests/auth/set-env";
import { plainClient } from "@/tests/support/administer";
import { useDatabase } from "@/tests/support/database";
import { BASE_URL } from "@/tests/support/platforms";
import { aCaller } from "./callers";

useEnv({ LATCHKEY_URL: BASE_URL });
const address = useDatabase();

const somewhere = () => `10.${[...randomBytes(3)].join(".")}`;

/** Asks for a connection that is not there: 404 for whoever may ask at all. */
const ask = (token: string, path = "/connections/con_nowhere", init: RequestInit = {}, address = somewhere()) =>
  withClientAddress(address, () =>
    api.fetch(new Request(`${BASE_URL}/api/v1${path}`, { ...init, headers: { authorization: `Bearer ${token}` } })),
  );

let revoked: string;
let expired: string;
beforeAll(async () => {
  const short = await aCaller({ days: 1 });
  expired = short.token;
  await moveClock("25 hours");
  const ended = await aCaller();
  revoked = ended.token;
  await transaction((tx) => revokeKey(tx, ended.id, "usr_somebody"));
});

const looks = async (answer: Response) => ({ status: answer.status, headers: [...answer.headers], body: await answer.text() });

it("S-74: unknown, revoked and expired keys look alike", async () => {
  const [first, ...others] = await Promise.all([newKeyToken(), revoked, expired].map(async (token) => looks(await ask(token))));
  expect(first).toMatchObject({ status: 401, body: expect.stringContaining('"code":"unknown_key"') });
  for (const other of others) expect(other).toEqual(first);
});

it("S-74: nor is one refused sooner than the others", async () => {
  const took: Record<string, number[]> = { unknown: [], revoked: [], expired: [] };
  for (let n = 0; n < 100; n += 1)
    for (const [name, token] of Object.entries({ unknown: newKeyToken(), revoked, expired })) {
      const began = performance.now();
      expect(await findKey(token)).toBeNull();
      took[name]?.push(performance.now() - began);
    }
  const medians = Object.values(took).map((all) => all.sort((a, b) => a - b)[50] ?? 0);
  // Without its question to the database one would be refused in a tenth of the time.
  expect(Math.max(...medians) / Math.min(...medians)).toBeLessThan(1.5);
});

it("S-74: failures are throttled by address and by what the key begins with, over all processes; a good key never is", async () => {
  const address = somewhere();
  const statuses = async (token: string, times: number) => {
    const all: number[] = [];
    for (let n = 0; n < times; n += 1) all.push((await ask(token, undefined, undefined, address)).status);
    return all;
  };
  await database().execute(
    sql`update clock set ahead = ahead + date_bin('1 minute', app_now(), 'epoch') + interval '1 minute' - app_now()`,
  );
  expect(await statuses(revoked, 12)).toEqual([...Array(10).fill(401), 429, 429]);
  // What this process knows of it by itself.
  (globalThis as { latchkeyRefusedKeys?: Map<string, number> }).latchkeyRefusedKeys?.clear();
  const refused = await ask(revoked, undefined, undefined, address);
  expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
  expect((await ask(revoked)).status).toBe(401);
  const strangers: number[] = [];
  for (let n = 0; n < 92; n += 1) strangers.push(...(await statuses(newKeyToken(), 1)));
  expect(strangers.slice(0, 88)).toEqual(Array(88).fill(401));
  expect(strangers.slice(-2)).toEqual([429, 429]);
  const good = await aCaller();
  expect(await statuses(good.token, 3)).toEqual([404, 404, 404]);
});

it("S-74: under Next alone a client is whom our proxies name, and nobody where none stands in front", async () => {
  const token = newKeyToken();
  const address = somewhere();
  const failed = async () => {
    const headers = { authorization: `Bearer ${token}`, "x-forwarded-for": `10.9.9.9, ${address}` };
    expect((await GET(new Request(`${BASE_URL}/api/v1/connections/con_nowhere`, { headers }))).status).toBe(401);
    const found = await database().execute<{ who: string }>(sql`select who from key_failures where who like ${`%${address}%`} order by 1`);
    return found.rows.map(({ who }) => who);
  };
  expect(await failed()).toEqual([]);
  setEnv({ LATCHKEY_TRUSTED_PROXIES: "1" });
  expect(await failed()).toEqual([address, `${address} ${token.slice(0, 8)}`]);
  setEnv({ LATCHKEY_TRUSTED_PROXIES: undefined });
});

it("S-69: a key of any length from 0 to 10,000 is none", async () => {
  const long = `lk_${"0".repeat(10_000)}`;
  for (let length = 0; length <= 10_000; length += length < 500 ? 1 : 20) {
    const { status } = await ask(long.slice(0, length));
    if (status !== 401) expect([length, status]).toEqual([length, 401]);
  }
});

it("S-70: a key in an address is refused on every route and marked, once", async () => {
  const { id, token, ask: asking } = await aCaller();
  const before = (await eventKinds()).filter((kind) => kind === "key.exposed").length;
  const addresses = [`?key=${token}`, `?${token}`, `?a=1&authorization=Bearer%20${token}`, `?x=${encodeURIComponent(`"${token}"`)}`];
  const paths = ["/connections/con_nowhere", "/health", "/openapi.json", "/nothing"];
  for (const path of paths)
    for (const query of addresses) {
      const answer = await asking(path + query.replace("lk_", "lk%5f"));
      expect([answer.status, (await answer.json()).code], path + query).toEqual([400, "key_in_address"]);
    }
  expect((await ask(newKeyToken(), `/health?key=${newKeyToken()}`)).status).toBe(400);
  expect((await eventKinds()).filter((kind) => kind === "key.exposed")).toHaveLength(before + 1);
  const marked = await database().execute(sql`select from api_keys where id = ${id} and exposed_at is not null`);
  expect(marked.rows).toHaveLength(1);
  // It goes on serving: what depends on it is not ours to stop.
  expect((await asking("/connections/con_nowhere")).status).toBe(404);
  expect((await asking(`/health?key=${token.slice(0, -1)}${token.endsWith("0") ? 1 : 0}`)).status).toBe(200);
});

it("S-70: what looks like a key in an address and is none costs no write", async () => {
  const outside = await plainClient(address());
  await outside.query("begin; lock table api_keys in share mode");
  const answer = await ask("none", `/health?a=${newKeyToken()}&b=${newKeyToken()}`);
  await outside.end();
  expect([answer.status, (await answer.json()).code]).toEqual([400, "key_in_address"]);
});

it("S-70: a key is taken from the Authorization header alone", async () => {
  const { token } = await aCaller();
  const elsewhere: Record<string, string>[] = [
    { "x-api-key": token },
    { cookie: `key=${token}` },
    { authorization: `Basic ${btoa(`${token}:`)}` },
    { authorization: token },
  ];
  for (const headers of elsewhere) {
    const answer = await api.fetch(new Request(`${BASE_URL}/api/v1/connections/con_nowhere`, { headers }));
    expect([answer.status, (await answer.json()).code]).toEqual([401, "no_key"]);
  }
});

it("S-75: other methods are 405 with what serves, and no answer lets another site read it", async () => {
  const { token } = await aCaller();
  for (const method of ["OPTIONS", "PUT", "PATCH"]) {
    const answer = await ask(token, "/health", { method });
    expect([answer.status, answer.headers.get("allow")], method).toEqual([405, "GET, HEAD"]);
  }
  const preflight = await api.fetch(
    new Request(`${BASE_URL}/api/v1/connections/con_nowhere`, {
      method: "OPTIONS",
      headers: {
        origin: "https://evil.example",
        "access-control-request-method": "GET",
        "access-control-request-headers": "authorization",
      },
    }),
  );
  expect(preflight.status).toBe(405);
  const answers = [preflight, await ask(token), await ask("none"), await ask(token, "/nothing")];
  for (const { headers } of answers) expect([...headers.keys()].filter((name) => name.startsWith("access-control-"))).toEqual([]);
  expect((await ask(token, "/nothing", { method: "POST" })).status).toBe(404);
});
