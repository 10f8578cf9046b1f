import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { database } from "@/db/client";
import type { UserActor } from "@/lib/auth/actor";
import { useEnv } from "@/tests/auth/set-env";
import { useDatabase } from "@/tests/support/database";
import { aMerchant, norceValues } from "@/tests/support/journey";
import { BASE_URL, platforms } from "@/tests/support/platforms";
import { aClient, problemIn } from "./clients";
import { eventsOf } from "./events-of";

useEnv({ LATCHKEY_URL: BASE_URL });
useDatabase();
const at = platforms();
const holder = globalThis as { latchkeyFetch?: unknown };
let mona: UserActor;

beforeAll(async () => {
  holder.latchkeyFetch = at.fetch;
  mona = await aMerchant("Nile Books");
  await database().execute(sql`update merchants set external_id = 'seller-1' where id = ${mona.merchants[0]?.id}`);
});
afterAll(() => {
  delete holder.latchkeyFetch;
});

describe("POST /connections/import", () => {
  it("201: proved at the platform, for a merchant by the company's own id; 200: the account is there and has the new grant", async () => {
    const { client, id: key } = await aClient({ scopes: ["connections:write"] });
    const asked = { provider: "norce", merchant: "seller-1", name: "Nile", values: norceValues(at) };
    const { status, body } = await client.importConnection(asked);
    expect([status, body.connection?.name, body.connection?.merchant.external_id, body.connection?.state]).toEqual([
      201,
      "Nile",
      "seller-1",
      "healthy",
    ]);
    const id = body.connection?.id ?? "";
    expect(await eventsOf(id)).toContainEqual({ kind: "connection.connected", actor: "key", by: key });
    const again = await client.importConnection({ ...asked, merchant: mona.merchants[0]?.id ?? "" });
    expect([again.status, again.body.connection?.id]).toEqual([200, id]);
    const other = await aMerchant("Riyadh Books");
    const taken = client.importConnection({ ...asked, merchant: other.merchants[0]?.id ?? "" });
    expect(await problemIn(taken)).toMatchObject({ status: 409, code: "account_taken" });
  });

  it("422: what is wrong is said by field, and nothing that was sent comes back", async () => {
    const { client } = await aClient();
    const secret = "CNRY-typed-wrong";
    const refused = await problemIn(
      client.importConnection({ provider: "norce", merchant: "seller-1", values: { ...norceValues(at), client_secret: secret } }),
    );
    expect(refused).toMatchObject({ status: 422, code: "refused" });
    const empty = await problemIn(client.importConnection({ provider: "oauth2", merchant: "seller-1", values: {} }));
    expect(empty.problem).toMatchObject({ errors: [{ field: "values.access_token", message: "required" }] });
    expect(JSON.stringify([refused.problem, empty.problem])).not.toContain("CNRY-");
  });

  it("404: no such merchant, platform, or one that the key may not see; 400: a field that is not known", async () => {
    const { client, ask } = await aClient();
    const values = norceValues(at);
    const limited = await aClient({ offers: ["noon"] });
    const foreign = await aClient({ merchantIds: ["mer_other"] });
    for (const call of [
      () => client.importConnection({ provider: "norce", merchant: "nobody", values }),
      () => client.importConnection({ provider: "nowhere", merchant: "seller-1", values }),
      () => limited.client.importConnection({ provider: "norce", merchant: "seller-1", values }),
      () => foreign.client.importConnection({ provider: "norce", merchant: "seller-1", values }),
    ])
      expect(await problemIn(call())).toMatchObject({ status: 404, code: "not_found" });
    const body = JSON.stringify({ provider: "norce", merchant: "seller-1", values, secret: "CNRY-x" });
    const odd = await ask("/connections/import", { method: "POST", body, headers: { "content-type": "application/json" } });
    expect([odd.status, (await odd.text()).includes("CNRY-")]).toEqual([400, false]);
  });
});
