import { sql } from "drizzle-orm";
import { beforeAll, describe, expect, it } from "vitest";
import { database } from "@/db/client";
import { api } from "@/lib/api/app";
import type { UserActor } from "@/lib/auth/actor";
import { findConnections } from "@/lib/connections/find-connections";
import { useEnv } from "@/tests/auth/set-env";
import { useDatabase } from "@/tests/support/database";
import { aMerchant, connected } from "@/tests/support/journey";
import { BASE_URL, platforms } from "@/tests/support/platforms";
import { aCaller } from "./callers";
import { aClient, problemIn } from "./clients";

useEnv({ LATCHKEY_URL: BASE_URL });
useDatabase();
const at = platforms();
let mona: UserActor;
let id: string;
let merchantId: string;

beforeAll(async () => {
  mona = await aMerchant("Nile Books");
  merchantId = mona.merchants[0]?.id ?? "";
  id = (await connected(at, mona, "square")).id;
  await database().execute(sql`update merchants set external_id = 'seller-1' where id = ${merchantId}`);
});

describe("GET /connections/{id}", () => {
  it("200: facts, and no secret", async () => {
    const { client } = await aClient();
    const { status, body, headers } = await client.getConnection(id);
    expect([status, headers.get("cache-control")]).toEqual([200, "no-store"]);
    expect(body).toMatchObject({
      id,
      merchant: { id: merchantId, external_id: "seller-1", name: "Nile Books" },
      provider: "square",
      state: "healthy",
      ended: null,
    });
    expect(JSON.stringify(body)).not.toContain("CNRY-");
  });

  it("404: not there, another merchant's, another platform's, all alike", async () => {
    const refused = await Promise.all([
      aClient().then(({ client }) => problemIn(client.getConnection("con_nowhere"))),
      aClient({ merchantIds: ["mer_other"] }).then(({ client }) => problemIn(client.getConnection(id))),
      aClient({ offers: ["noon"] }).then(({ client }) => problemIn(client.getConnection(id))),
    ]);
    for (const { problem } of refused) expect(problem).toEqual(refused[0]?.problem);
    expect(refused[0]).toMatchObject({ status: 404, code: "not_found" });
  });

  it("403: a key without the scope; 401: no key, no such key", async () => {
    const { client, ask } = await aClient({ scopes: ["access:read"] });
    expect(await problemIn(client.getConnection(id))).toMatchObject({ status: 403, code: "forbidden" });
    const bare = await api.fetch(new Request(`${BASE_URL}/api/v1/connections/${id}`));
    expect([bare.status, (await bare.json()).code]).toEqual([401, "no_key"]);
    const unknown = await ask(`/connections/${id}`, { headers: { authorization: `Bearer lk_${"0".repeat(38)}` } });
    expect([unknown.status, (await unknown.json()).code]).toEqual([401, "unknown_key"]);
  });

  it("400: what is not known in the address; 405: another method", async () => {
    const { ask } = await aCaller();
    const odd = await ask(`/connections/${id}?secrets=1`);
    expect(odd.status).toBe(400);
    expect(await odd.json()).toMatchObject({ code: "invalid", errors: [{ field: "secrets", message: "There is no such field here" }] });
    const put = await ask(`/connections/${id}`, { method: "PUT" });
    expect([put.status, (await put.json()).code, put.headers.get("allow")]).toEqual([405, "method_not_allowed", "GET, HEAD, DELETE"]);
  });
});

describe("GET /connections", () => {
  const MADE = 240;
  let others: string[];

  beforeAll(async () => {
    const actors = [await aMerchant("Riyadh Books"), await aMerchant("Jeddah Cotton"), await aMerchant("Aswan Dates")];
    others = actors.map(({ merchants: [own] }) => own?.id ?? "");
    // Several are made in the same microsecond, and few at one of the platforms.
    await database().execute(sql`
      insert into connections (id, merchant_id, offer, provider, environment, account_id, label, status, next_refresh_at, connected_at, issued_at,
        expires_at, last_proof_at, trouble_code, created_at)
      select 'con_' || lpad(i::text, 4, '0'), (${sql.param(others)}::text[])[1 + i % 3], case i % 7 when 0 then 'norce' else 'oauth2' end, 'oauth2',
        'production', 'acct-' || i, 'Shop ' || i, (array['active', 'active', 'reconnect', 'revoked'])[1 + i % 4],
        case when i % 4 < 2 then app_now() + interval '1 hour' end, app_now(), app_now(), app_now() + interval '30 days', app_now(),
        case when i % 4 = 2 then 'invalid_grant' end, app_now() - (i / 4) * interval '1 microsecond'
      from generate_series(1, ${MADE}) i`);
    await database().execute(sql`
      insert into connections (id, merchant_id, offer, provider, environment, status)
      values ('con_halfmade', ${others[0]}, 'oauth2', 'oauth2', 'production', 'pending')`);
  });

  type Query = NonNullable<Parameters<Awaited<ReturnType<typeof aClient>>["client"]["listConnections"]>[0]>;

  async function everyPage(client: Awaited<ReturnType<typeof aClient>>["client"], query: Query): Promise<string[]> {
    const ids: string[] = [];
    for (let after: string | undefined, page = 0; page < 400; page += 1) {
      const { body } = await client.listConnections({ ...query, ...(after === undefined ? {} : { after }) });
      ids.push(...body.data.map((connection) => connection.id));
      if (body.next === null) return ids;
      after = body.next;
    }
    throw new Error("It never ends");
  }

  const made = async (condition = sql`true`) => {
    const found = await database().execute<{ id: string }>(
      sql`select id from connections c where connected_at is not null and ${condition} order by created_at, id`,
    );
    return found.rows.map((row) => row.id);
  };

  it("every connection once, in an order that nothing changes, with a total that is true", async () => {
    const { client } = await aClient();
    const all = await made();
    expect(await everyPage(client, { limit: 37 })).toEqual(all);
    const { body } = await client.listConnections({ limit: 1 });
    expect(body.total).toEqual({ count: all.length, is: "exact" });
    expect(all).not.toContain("con_halfmade");
  });

  it("a key sees its own, and pages and totals are of these", async () => {
    const [first = "", second = ""] = others;
    const limited = [
      [{ merchantIds: [first] }, sql`merchant_id = ${first}`],
      [{ merchantIds: [first, second] }, sql`merchant_id in (${first}, ${second})`],
      [{ offers: ["norce"] }, sql`offer = 'norce'`],
      [{ merchantIds: [second], offers: ["norce", "noon"] }, sql`merchant_id = ${second} and offer in ('norce', 'noon')`],
    ] as const;
    for (const [limits, condition] of limited) {
      const { client } = await aClient(limits);
      const own = await made(condition);
      expect(await everyPage(client, { limit: 13 })).toEqual(own);
      expect((await client.listConnections({ limit: 1 })).body.total).toEqual({ count: own.length, is: "exact" });
    }
    const { client } = await aClient({ merchantIds: [first], offers: ["norce"] });
    const [, , foreign = ""] = others;
    for (const query of [{ provider: "oauth2" }, { merchant: foreign }, { q: foreign }, { q: "seller-1" }, { account: "acct-1" }])
      expect((await client.listConnections(query)).body).toMatchObject({ data: [], total: { count: 0, is: "exact" }, next: null });
  });

  it("the same where only few rows may be looked at, and a page that was ended early is gone on with", async () => {
    const [first = ""] = others;
    const { id: keyId } = await aCaller();
    const actor = {
      kind: "key",
      id: keyId,
      name: "sync",
      scopes: ["connections:read"],
      merchantIds: [first],
      offers: ["norce"],
    } as const;
    const ids: string[] = [];
    let after: string | undefined;
    do {
      const page = await findConnections(actor, { query: {}, sort: "created", limit: 5, after }, { few: 3, walk: 20, sample: 40 });
      ids.push(...page.rows.map((row) => row.id));
      after = page.next ?? undefined;
    } while (after !== undefined);
    expect(ids).toEqual(await made(sql`merchant_id = ${first} and offer = 'norce'`));
  });

  it("filters narrow together", async () => {
    const { client } = await aClient();
    const found = async (query: Query) => (await everyPage(client, { limit: 100, ...query })).sort();
    expect(await found({ state: "needs_reconnect" })).toEqual((await made(sql`status = 'reconnect'`)).sort());
    expect(await found({ state: "needs_reconnect,revoked", provider: "norce" })).toEqual(
      (await made(sql`status in ('reconnect', 'revoked') and offer = 'norce'`)).sort(),
    );
    expect(await found({ cause: "invalid_grant", renews: "no" })).toEqual((await made(sql`trouble_code = 'invalid_grant'`)).sort());
    expect(await found({ merchant: "seller-1" })).toEqual([id]);
    expect(await found({ merchant: merchantId, environment: "production" })).toEqual([id]);
    expect(await found({ merchant: "nobody" })).toEqual([]);
    expect(await found({ account: "acct-17" })).toEqual(["con_0017"]);
    expect(await found({ q: "shop 118" })).toEqual(["con_0118"]);
    expect(await found({ runs_out: "40d", sort: "runs_out", merchant: others[1] ?? "" })).toEqual(
      (await made(sql`status in ('active', 'reconnect') and merchant_id = ${others[1]}`)).sort(),
    );
    expect(await found({ runs_out: "past" })).toEqual([]);
  });

  it("400: what is not understood is said by field, and a cursor is good for the list that gave it alone", async () => {
    const { client, ask } = await aClient();
    const odd = await ask("/connections?state=fine&limit=101&runs_out=soon&colour=red");
    expect(odd.status).toBe(400);
    const { code, errors } = (await odd.json()) as { code: string; errors: { field: string }[] };
    expect([code, errors.map(({ field }) => field).sort()]).toEqual(["invalid", ["colour", "limit", "runs_out", "state"]]);
    const { body } = await client.listConnections({ limit: 2 });
    const { client: other } = await aClient();
    for (const call of [
      () => client.listConnections({ after: "0.1.con_0001" }),
      () => client.listConnections({ after: body.next ?? "", sort: "updated" }),
      () => other.listConnections({ after: body.next ?? "" }),
    ])
      expect(await problemIn(call())).toMatchObject({ status: 400, code: "bad_cursor" });
    expect(Buffer.from(body.next ?? "", "base64url").toString()).not.toContain("con_");
  });
});
