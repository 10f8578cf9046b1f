import { sql } from "drizzle-orm";
import { beforeAll, describe, expect, it } from "vitest";
import { database } from "@/db/client";
import { findLink } from "@/db/connect-links";
import { findMerchantByExternalId } from "@/db/merchants";
import type { UserActor } from "@/lib/auth/actor";
import { revoke } from "@/lib/connections/revoke";
import { useEnv } from "@/tests/auth/set-env";
import { useDatabase } from "@/tests/support/database";
import { aMerchant, connected, staff } from "@/tests/support/journey";
import { BASE_URL, platforms } from "@/tests/support/platforms";
import { aCaller, type Caller } from "./callers";

useEnv({ LATCHKEY_URL: BASE_URL, LATCHKEY_RETURN_ORIGINS: "https://shop.example" });
useDatabase();
const at = platforms();
let mona: UserActor;
let caller: Caller;

const post = (body: unknown, by: Caller = caller) =>
  by.ask("/connect-links", { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
const merchant = { external_id: "acme-7", name: "Delta Toys" };
const told = async (answer: Response) => ({ status: answer.status, code: ((await answer.json()) as { code: string }).code });

beforeAll(async () => {
  mona = await aMerchant("Nile Books");
  caller = await aCaller();
  await database().execute(sql`update merchants set external_id = 'nile-1' where id = ${mona.merchants[0]?.id}`);
});

describe("POST /connect-links", () => {
  it("201: the merchant is made with the link, by the key; the address is in this answer alone", async () => {
    const answer = await post({ merchant, provider: "square", return_url: "https://shop.example/back?x=1" });
    expect([answer.status, answer.headers.get("cache-control")]).toEqual([201, "no-store"]);
    const body = (await answer.json()) as { id: string; url: string; expires_at: string; merchant: { id: string } };
    expect(body).toMatchObject({ merchant: { external_id: "acme-7", name: "Delta Toys" } });
    const token = /^https:\/\/latchkey\.test\/link\/([\w-]{43})$/.exec(body.url)?.[1] ?? "";
    expect(new Date(body.expires_at).getTime() - Date.now()).toBeGreaterThan(71.9 * 3_600_000);
    expect(await findLink(database(), body.id)).toMatchObject({
      merchantName: "Delta Toys",
      offer: "square",
      createdByName: "orders-sync",
    });
    const everything = await database().execute(sql`select row_to_json(l)::text as text from connect_links l
      union all select row_to_json(e)::text from events e`);
    expect(JSON.stringify(everything.rows)).not.toContain(token);
    const events = await database().execute<{ kind: string; actor_id: string }>(
      sql`select kind, actor_id from events where merchant_id = ${body.merchant.id} order by id`,
    );
    expect(events.rows).toEqual([
      { kind: "merchant.created", actor_id: caller.id },
      { kind: "link.created", actor_id: caller.id },
    ]);
  });

  it("201: a merchant that is there is found and keeps its name", async () => {
    const answers = await Promise.all([0, 1].map(() => post({ merchant: { external_id: "twice", name: "First" } })));
    const again = await post({ merchant: { external_id: "twice", name: "Second", locale: "ar" }, expires_in: 300 });
    const bodies = await Promise.all([...answers, again].map((one) => one.json() as Promise<{ merchant: unknown; url: string }>));
    expect(new Set(bodies.map((body) => JSON.stringify(body.merchant))).size).toBe(1);
    expect(bodies[2]?.merchant).toMatchObject({ name: "First" });
    expect(new Set(bodies.map(({ url }) => url)).size).toBe(3);
  });

  it("201: for a connection, which names the platform", async () => {
    const { id } = await connected(at, mona, "square");
    const body = (await (await post({ merchant: { external_id: "nile-1", name: "x" }, reconnect: id })).json()) as { id: string };
    expect(await findLink(database(), body.id)).toMatchObject({ connectionId: id, offer: "square" });
    expect(await told(await post({ merchant: { external_id: "nile-1", name: "x" }, reconnect: id, provider: "noon" }))).toEqual({
      status: 422,
      code: "provider_mismatch",
    });
    expect(await told(await post({ merchant, reconnect: id }))).toEqual({ status: 404, code: "not_found" });
    await revoke(await staff("support"), { connectionId: id, reason: "owner asked" }, at.open);
    expect(await told(await post({ merchant: { external_id: "nile-1", name: "x" }, reconnect: id }))).toEqual({
      status: 422,
      code: "not_reconnectable",
    });
  });

  it("422: another origin, an unknown platform; 400: what is not as it must be, by field", async () => {
    for (const return_url of ["https://shop.example.evil.test/", "http://shop.example/", "https://a:b@shop.example/"])
      expect(await told(await post({ merchant, return_url })), return_url).toEqual({ status: 422, code: "return_url_not_allowed" });
    expect(await told(await post({ merchant, provider: "nowhere" }))).toEqual({ status: 422, code: "unknown_provider" });
    const short = await post({ merchant, expires_in: 299 });
    expect([short.status, await short.json()]).toMatchObject([400, { code: "invalid", errors: [{ field: "expires_in" }] }]);
    for (const body of [{}, { merchant: { name: "x" } }, { merchant, expires_in: 2_592_001 }, { merchant, reuse: true }])
      expect((await post(body)).status).toBe(400);
  });

  it("limits of a key hold: its merchants, its platforms, its scope", async () => {
    const own = mona.merchants[0]?.id ?? "";
    const limited = await aCaller({ merchantIds: [own] });
    expect((await post({ merchant: { external_id: "nile-1", name: "x" } }, limited)).status).toBe(201);
    // Another's and nobody's look alike, and none is made.
    await post({ merchant });
    const answers = [await post({ merchant }, limited), await post({ merchant: { external_id: "new", name: "New" } }, limited)];
    const bodies = await Promise.all(answers.map(async (answer) => [answer.status, await answer.json()]));
    expect(bodies[0]).toEqual(bodies[1]);
    expect(bodies[0]).toMatchObject([403, { code: "merchant_limited" }]);
    const squareOnly = await aCaller({ offers: ["square"] });
    expect(await told(await post({ merchant }, squareOnly))).toEqual({ status: 422, code: "provider_required" });
    // Others' platforms and no platform at all are one to it, for merchants that are there and that are not.
    for (const provider of ["noon", "nowhere"])
      for (const other of [merchant, { external_id: "unheard-of", name: "x" }])
        expect(await told(await post({ merchant: other, provider }, squareOnly))).toEqual({ status: 422, code: "unknown_provider" });
    expect(await findMerchantByExternalId(database(), "unheard-of")).toBeNull();
    expect((await post({ merchant, provider: "square" }, squareOnly)).status).toBe(201);
    expect((await post({ merchant }, await aCaller({ scopes: ["access:read"] }))).status).toBe(403);
  });
});
