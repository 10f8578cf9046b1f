import { sql } from "drizzle-orm";
import { beforeEach, describe, expect, it } from "vitest";
import { revokeKey } from "@/db/api-keys";
import { database, transaction } from "@/db/client";
import type { UserActor } from "@/lib/auth/actor";
import { waitFor } from "@/lib/connections/access-waiting";
import { beginRevocation } from "@/lib/connections/begin-revocation";
import { aCaller } from "@/tests/api/callers";
import { useEnv } from "@/tests/auth/set-env";
import type { Simulator } from "@/tests/simulators/simulator";
import { useDatabase, whileClosed } from "@/tests/support/database";
import { BASE_URL } from "@/tests/support/platforms";
import { type Called, callers, type Polled } from "./callers";
import { type Holder, holderOf } from "./holder";
import { environmentOf, useOtherProcesses } from "./other-process";
import { expectNewest } from "./race";
import { faultWorld, until } from "./steps";

useEnv({ LATCHKEY_URL: BASE_URL });
const address = useDatabase();
const world = faultWorld();
const others = useOtherProcesses(address);

const door: { platform: Simulator | null } = { platform: null };
let port: string;
let owner: UserActor;
let token: string;
let keyId: string;

beforeEach(async () => {
  const { oauth2 } = world.at.simulators;
  door.platform = null;
  port = await others.serve({ ...oauth2, handle: (request) => (door.platform ?? oauth2).handle(request) });
  const holder = globalThis as { latchkeyFetch?: unknown };
  holder.latchkeyFetch = (url: string, init?: RequestInit) =>
    (door.platform ?? oauth2).handle(new Request(url, { redirect: "manual", ...init }));
  owner = await world.shop();
  ({ token, id: keyId } = await aCaller({ requestsPerSecond: 1_000_000 }));
});

const begin = async (): Promise<Holder> => holderOf(await others.begin("holder", [], environmentOf(world.at, { oauth2: port })));
const path = (id: string) => `/connections/${id}/access`;
const their = async (holder: Holder, id: string, many: number, by = token): Promise<Called> =>
  JSON.parse(await holder.ask({ what: "callers", path: path(id), token: by, many }));
const renewals = () => world.calls("oauth2", /refresh_token/).length;

async function expired(account: string, leftS = 0): Promise<string> {
  const { id } = await world.standardStore(owner, account);
  await database().execute(
    sql`update connections set issued_at = app_now() - interval '1 hour', expires_at = app_now() + make_interval(secs => ${leftS}) where id = ${id}`,
  );
  return id;
}

/** A platform that does not answer renewals until it is let go. */
function silent() {
  const waiting: (() => void)[] = [];
  const { oauth2 } = world.at.simulators;
  door.platform = {
    ...oauth2,
    handle: async (request) => {
      if (request.url.endsWith("/token")) await new Promise<void>((resolve) => waiting.push(resolve));
      return oauth2.handle(request);
    },
  };
  const letGo = () => {
    door.platform = null;
    for (const go of waiting.splice(0)) go();
  };
  return { asked: () => until(() => waiting.length > 0), letGo };
}

it("T-01: 500 callers in two processes at one expired access: one call to the platform, and all of them are served", async () => {
  const id = await expired("stampede");
  const [one, two] = await Promise.all([begin(), begin()]);
  const told = await Promise.all([their(one, id, 250), their(two, id, 250)]);
  expect(told.map(({ answers }) => answers)).toEqual([{ "200 2": 250 }, { "200 2": 250 }]);
  expect(renewals()).toBe(1);
  expectNewest(world, await world.row(id));
});

it("T-01: 200 callers in two processes who say that the access was refused: it is renewed once", async () => {
  const { id } = await world.standardStore(owner, "refused");
  const [one, two] = await Promise.all([begin(), begin()]);
  const refused = `${path(id)}?rejected=1`;
  const ask = async (holder: Holder): Promise<Called> => JSON.parse(await holder.ask({ what: "callers", path: refused, token, many: 100 }));
  expect((await Promise.all([ask(one), ask(two)])).map(({ answers }) => answers)).toEqual([{ "200 2": 100 }, { "200 2": 100 }]);
  expect(renewals()).toBe(1);
});

it("T-03: a slow platform: who holds good access waits for nobody, the rest is told within six seconds", async () => {
  const [good, bad] = [await expired("good", 120), await expired("bad", 20)];
  const other = await begin();
  const platform = silent();
  const waiting = callers(path(bad), token, 100);
  const theirs = their(other, bad, 50);
  await platform.asked();
  const served = await Promise.all([callers(path(good), token, 20), their(other, good, 20)]);
  for (const { answers, longestMs } of served) {
    expect(answers).toEqual({ "200 1": 20 });
    expect(longestMs).toBeLessThan(3_000);
  }
  const told = await waiting;
  expect(told.answers).toEqual({ "503 renewing": 100 });
  // Five seconds, and what a busy machine adds; the platform would take for ever.
  expect(told.longestMs).toBeLessThan(9_000);
  expect((await theirs).answers).toEqual({ "503 renewing": 50 });
  platform.letGo();
  await expect.poll(async () => (await world.row(bad)).generation, { timeout: 20_000 }).toBe(2);
  expect(renewals()).toBe(1);
  expect((await callers(path(bad), token, 5)).answers).toEqual({ "200 2": 5 });
});

it("T-03: a thousand wait for one connection, two thousand in all, and nobody more", async () => {
  let letGo: () => void = () => undefined;
  const held = new Promise<string>((resolve) => {
    letGo = () => resolve("done");
  });
  const wait = (id: string, many: number) => Promise.allSettled(Array.from({ length: many }, () => waitFor(id, () => held, 60_000)));
  const all = [wait("con_a", 1_001), wait("con_b", 999), wait("con_c", 2)];
  await expect(waitFor("con_d", () => held, 60_000)).rejects.toMatchObject({ code: "too_many_waiting", status: 503 });
  letGo();
  const told = (await Promise.all(all)).map((some) => some.filter(({ status }) => status === "rejected").length);
  expect(told).toEqual([1, 0, 1]);
  expect(await waitFor("con_d", async () => "done", 60_000)).toBe("done");
});

it("S-73: who waits behind a renewal is told 410 as soon as the connection is revoked, also in another process", async () => {
  const id = await expired("ended");
  const other = await begin();
  const platform = silent();
  const waiting = [callers(path(id), token, 100), their(other, id, 100)];
  await platform.asked();
  await new Promise((resolve) => setTimeout(resolve, 300));
  await beginRevocation(owner, await world.row(id), { reach: "authorization", reason: null });
  for (const { answers, longestMs } of await Promise.all(waiting)) {
    expect(answers).toEqual({ "410 revoked": 100 });
    expect(longestMs).toBeLessThan(5_000);
  }
  platform.letGo();
  await expect.poll(() => renewals()).toBe(1);
  expect((await callers(path(id), token, 5)).answers).toEqual({ "410 revoked": 5 });
});

it("T-04: a key that is revoked while its callers wait gets nothing of what they waited for", async () => {
  const id = await expired("waited-for");
  const other = await aCaller({ requestsPerSecond: 1_000_000 });
  const platform = silent();
  const waiting = [callers(path(id), token, 200), callers(path(id), other.token, 5)];
  await platform.asked();
  await transaction((tx) => revokeKey(tx, keyId, owner.id));
  platform.letGo();
  expect((await Promise.all(waiting)).map(({ answers }) => answers)).toEqual([{ "401 unknown_key": 200 }, { "200 2": 5 }]);
});

describe("S-73: revoked in one process", () => {
  /** `ROUNDS=10000` for a long look. */
  const REFUSALS = Number(process.env.ROUNDS ?? 1_000);

  async function polled(other: Holder, id: string, end: () => Promise<unknown>): Promise<{ after: Polled; endedAt: number }> {
    const polling = other.ask({ what: "poll", path: path(id), token, refusals: REFUSALS });
    await new Promise((resolve) => setTimeout(resolve, 300));
    await end();
    const endedAt = Date.now();
    return { after: JSON.parse(await polling) as Polled, endedAt };
  }

  it("a connection and a key are served nowhere a second later", async () => {
    const { id } = await world.standardStore(owner, "polled");
    const { id: second } = await world.standardStore(owner, "polled-key");
    const other = await begin();
    const row = await world.row(id);
    const connection = await polled(other, id, () => beginRevocation(owner, row, { reach: "authorization", reason: null }));
    expect(Object.keys(connection.after.refused)).toEqual(["410 revoked"]);
    const key = await polled(other, second, () => transaction((tx) => revokeKey(tx, keyId, owner.id)));
    // One address with many keys that are not good is throttled, whatever they were.
    expect(["401 unknown_key", "429 too_many_failures"]).toEqual(expect.arrayContaining(Object.keys(key.after.refused)));
    for (const { after, endedAt } of [connection, key]) {
      expect(after.served).toBeGreaterThan(0);
      expect(Object.values(after.refused).reduce((sum, n) => sum + n, 0)).toBeGreaterThanOrEqual(REFUSALS);
      expect(after.lastServedAt).toBeLessThan(endedAt + 1_000);
    }
  });
});

it("T-02: without the database nobody is served, and everybody is told so within two seconds", async () => {
  const { id } = await world.standardStore(owner, "unreachable");
  expect((await callers(path(id), token, 5)).answers).toEqual({ "200 1": 5 });
  await whileClosed(address(), async () => {
    const { answers, longestMs } = await callers(path(id), token, 30);
    expect(answers).toEqual({ "503 unavailable": 30 });
    expect(longestMs).toBeLessThan(2_000);
  });
  await expect.poll(async () => (await callers(path(id), token, 1)).answers, { timeout: 20_000 }).toEqual({ "200 1": 1 });
});

it("T-02: nor while it hangs", async () => {
  const { id } = await world.standardStore(owner, "hanging");
  let letGo: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  let locked: () => void = () => undefined;
  const taken = new Promise<void>((resolve) => {
    locked = resolve;
  });
  const hanging = transaction(async (tx) => {
    await tx.execute(sql`lock table api_keys in access exclusive mode`);
    locked();
    await held;
  });
  await taken;
  const { answers, longestMs } = await callers(path(id), token, 5);
  letGo();
  await hanging;
  expect(answers).toEqual({ "503 unavailable": 5 });
  expect(longestMs).toBeLessThan(2_000);
});
