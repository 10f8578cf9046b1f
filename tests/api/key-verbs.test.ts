import { sql } from "drizzle-orm";
import { beforeAll, describe, expect, it } from "vitest";
import { database } from "@/db/client";
import type { UserActor } from "@/lib/auth/actor";
import { show } from "@/lib/connections/show";
import { createKey } from "@/lib/keys/create-key";
import { endKey } from "@/lib/keys/end-key";
import { exposeKeys } from "@/lib/keys/expose-key";
import { flushHandOuts, noteHandOut } from "@/lib/keys/hand-outs";
import { namedMerchants } from "@/lib/keys/named-merchants";
import { pauseCaller, resumeCaller } from "@/lib/keys/pause-caller";
import { replaceKey } from "@/lib/keys/replace-key";
import { showCallers } from "@/lib/keys/show-callers";
import { showKey, showKeys } from "@/lib/keys/show-keys";
import { eventKinds, moveClock } from "@/tests/auth/people";
import { useEnv } from "@/tests/auth/set-env";
import { useDatabase } from "@/tests/support/database";
import { aMerchant, connected, staff } from "@/tests/support/journey";
import { BASE_URL, platforms } from "@/tests/support/platforms";
import { aCaller } from "./callers";

useEnv({ LATCHKEY_URL: BASE_URL });
useDatabase();
const at = platforms();
let admin: UserActor;
let mona: UserActor;
let store: { id: string; merchantId: string; offer: string };

beforeAll(async () => {
  admin = await staff("admin");
  mona = await aMerchant("Nile Books");
  store = await connected(at, mona, "square");
});

/** 404 for whoever may ask, 401 for who may not. */
const answers = async (token: string) =>
  (await (await aCaller()).ask("/connections/con_nowhere", { headers: { authorization: `Bearer ${token}` } })).status;
const stateOf = async (id: string) => (await showKey(admin, id)).key.state;
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => "done",
    (error: { code?: string }) => error.code,
  );

describe("A12: keys", () => {
  it("are listed as they stand, with what they may do and nothing that opens anything", async () => {
    const merchantIds = await namedMerchants(admin, " Nile Books \n\n Nile Books");
    const made = await createKey(admin, { name: "till", scopes: ["access:read"], merchantIds, offers: ["square"], days: 10 });
    const { live } = await showKeys(admin);
    const key = live.find(({ id }) => id === made.id);
    expect(key).toMatchObject({ name: "till", scopes: ["access:read"], merchants: ["Nile Books"], offers: ["square"], state: "ends_soon" });
    expect(key).toMatchObject({ requestsPerSecond: 500, createdByName: "admin", lastUsedAt: null, hint: made.token.slice(0, 8) });
    expect(JSON.stringify(live)).not.toContain(made.token.slice(8));
    expect(await codeOf(namedMerchants(admin, "Nile Books\nNobody at all"))).toBe("merchant");
    await exposeKeys([made.token]);
    expect(await stateOf(made.id)).toBe("exposed");
    for (const role of ["support", "merchant"] as const) expect(await codeOf(showKeys({ ...admin, role }))).toBe("forbidden");
    expect(await codeOf(showKey(admin, "key_nowhere"))).toBe("not_found");
  });

  it("end when they are revoked, by their name, and when their time is over", async () => {
    const [first, second] = [await aCaller({ name: "one" }), await aCaller({ name: "two", days: 90 })];
    expect(await codeOf(endKey(admin, first.id, "two"))).toBe("name");
    expect(await answers(first.token)).toBe(404);
    await endKey(admin, first.id, " one ");
    expect([await answers(first.token), await answers(second.token)]).toEqual([401, 404]);
    expect([await stateOf(first.id), await stateOf(second.id)]).toEqual(["revoked", "good"]);
    expect(await codeOf(endKey(admin, first.id, "one"))).toBe("key_ended");
    await moveClock("61 days");
    expect((await showKey(admin, second.id)).key.unused).toBe(true);
    await moveClock("30 days");
    expect([await answers(second.token), await stateOf(second.id)]).toEqual([401, "expired"]);
    expect((await showKeys(admin)).ended.map(({ id }) => id)).toEqual(expect.arrayContaining([first.id, second.id]));
    expect(await eventKinds()).toEqual(expect.arrayContaining(["key.created", "key.revoked"]));
  });

  it("are replaced by ones that may do the same, and both are good until the one before ends", async () => {
    const before = await aCaller({ name: "sync", scopes: ["connections:read"], offers: ["square"], days: 30, requestsPerSecond: 7 });
    const after = await replaceKey(admin, { keyId: before.id, overlapDays: 3 });
    const { key } = await showKey(admin, after.id);
    expect(key).toMatchObject({ name: "sync", scopes: ["connections:read"], offers: ["square"], requestsPerSecond: 7 });
    expect([await answers(before.token), await answers(after.token)]).toEqual([404, 404]);
    const { live } = await showKeys(admin);
    expect(live.find(({ id }) => id === after.id)?.replaces).toEqual({ name: "sync", hint: before.token.slice(0, 8) });
    await moveClock("3 days");
    expect([await answers(before.token), await answers(after.token)]).toEqual([401, 404]);
    expect(await codeOf(replaceKey(admin, { keyId: before.id, overlapDays: null }))).toBe("key_ended");
    const last = await replaceKey(admin, { keyId: after.id, overlapDays: null });
    await moveClock("26 days");
    expect([await answers(after.token), await answers(last.token)]).toEqual([404, 404]);
    await endKey(admin, after.id, "sync");
    expect([await answers(after.token), await answers(last.token)]).toEqual([401, 404]);
    expect(await eventKinds()).toContain("key.replaced");
  });
});

it("a key is made for as long as the one that it replaces was, however often that is replaced before it ends", async () => {
  const days = async (id: string) => {
    const { key } = await showKey(admin, id);
    return key.endsAt && Math.round((key.endsAt.getTime() - key.createdAt.getTime()) / 86_400_000);
  };
  for (const made of [90, null]) {
    const { id } = await aCaller({ days: made });
    await replaceKey(admin, { keyId: id, overlapDays: 7 });
    const again = await replaceKey(admin, { keyId: id, overlapDays: 7 });
    expect([await days(id), await days(again.id)]).toEqual([7, made]);
  }
});

it("a key that still opens something is listed, however many have ended since", async () => {
  const { id } = await aCaller({ name: "eldest" });
  await database().execute(sql`
    insert into api_keys (id, name, token_hash, hint, scopes, requests_per_second, created_by, created_by_name, created_at, revoked_at)
    select 'key_ended' || n, 'ended', 'ended' || n, 'lk_', '{proxy}', 1, 'usr', 'Omar', app_now() + interval '1 second', app_now()
    from generate_series(1, 501) n`);
  const { live, ended } = await showKeys(admin);
  expect([live.some((key) => key.id === id), ended.length]).toEqual([true, 500]);
});

describe("callers of a store", () => {
  const shown = async (actor: UserActor) => showCallers(actor, store);

  it("are counted for a week, with when they last came, for its owner and for staff", async () => {
    const [orders, stock] = [await aCaller({ days: null }), await aCaller({ name: "stock", days: null })];
    for (let n = 0; n < 3; n += 1) noteHandOut(orders.id, store.id);
    await flushHandOuts();
    await moveClock("6 days");
    for (let n = 0; n < 2; n += 1) noteHandOut(orders.id, store.id);
    noteHandOut(stock.id, store.id);
    noteHandOut(stock.id, "con_other");
    await flushHandOuts();
    const now = { mayPause: true, pausedAt: null, ended: false, lastAt: expect.any(Date) };
    for (const actor of [mona, admin])
      expect(await shown(actor)).toEqual([
        expect.objectContaining({ ...now, keyId: orders.id, name: "orders-sync", n: 5 }),
        expect.objectContaining({ ...now, keyId: stock.id, name: "stock", n: 1 }),
      ]);
    await moveClock("2 days");
    expect((await shown(mona)).map(({ n }) => n)).toEqual([2, 1]);
    const other = await aMerchant("Delta Toys");
    expect(await codeOf(showCallers(other, store))).toBe("not_found");
    await moveClock("7 days");
    expect(await shown(mona)).toEqual([]);
  });

  it("stay paused when their key is replaced, before that or after", async () => {
    const sync = await aCaller({ name: "sync", days: null });
    const [one, two] = [await connected(at, mona, "oauth2"), await connected(at, mona, "ultracart")];
    for (const { id } of [one, two]) noteHandOut(sync.id, id);
    await flushHandOuts();
    await pauseCaller(mona, one.id, sync.id);
    const { id, token } = await replaceKey(admin, { keyId: sync.id, overlapDays: 7 });
    await pauseCaller(mona, two.id, sync.id);
    for (const { id: paused } of [one, two]) {
      const answer = await sync.ask(`/connections/${paused}/access`, { headers: { authorization: `Bearer ${token}` } });
      expect([answer.status, (await answer.json()).code]).toEqual([403, "caller_paused"]);
      const { timeline } = await show(mona, paused);
      expect(timeline.filter(({ kind, facts }) => kind === "caller.paused" && facts?.key === id)).toHaveLength(1);
    }
    expect((await showCallers(mona, one)).find(({ keyId }) => keyId === id)).toMatchObject({ pausedByName: "Nile Books" });
  });

  it("are paused one by one, by its owner or staff, and let again; that is part of its story", async () => {
    const [orders, stock] = [await aCaller({ days: null }), await aCaller({ name: "stock", days: null })];
    expect(await codeOf(pauseCaller(mona, store.id, orders.id))).toBe("not_found");
    for (const { id } of [orders, stock]) noteHandOut(id, store.id);
    await flushHandOuts();
    await pauseCaller(mona, store.id, orders.id);
    await pauseCaller(mona, store.id, orders.id);
    const paused = async () => Object.fromEntries((await shown(admin)).map(({ keyId, pausedByName }) => [keyId, pausedByName]));
    expect(await paused()).toEqual({ [orders.id]: "Nile Books", [stock.id]: null });
    const other = await aMerchant("Luxor Lamps");
    expect(await codeOf(resumeCaller(other, store.id, orders.id))).toBe("not_found");
    // Whoever is kept from it stays in sight until they are let again.
    await moveClock("30 days");
    expect(await paused()).toEqual({ [orders.id]: "Nile Books" });
    await resumeCaller(await staff("support"), store.id, orders.id);
    expect(await paused()).toEqual({});
    const { timeline } = await show(mona, store.id);
    expect(timeline.filter(({ kind }) => kind.startsWith("caller.")).map(({ kind }) => kind)).toEqual(["caller.resumed", "caller.paused"]);
  });
});
