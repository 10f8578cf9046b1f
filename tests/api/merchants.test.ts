import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { transaction } from "@/db/client";
import { insertMerchant } from "@/db/merchants";
import { pauseOffer } from "@/lib/offers/pause-offer";
import { useEnv } from "@/tests/auth/set-env";
import { useDatabase } from "@/tests/support/database";
import { staff } from "@/tests/support/journey";
import { BASE_URL, platforms } from "@/tests/support/platforms";
import { aClient, problemIn } from "./clients";

useEnv({ LATCHKEY_URL: BASE_URL });
useDatabase();
const at = platforms();

describe("POST /merchants", () => {
  it("201, then 200 however often and at once; 409 by another name", async () => {
    const { client } = await aClient();
    const asked = { external_id: "seller-7", name: "متجر النيل" };
    const answers = await Promise.all(Array.from({ length: 8 }, () => client.createMerchant(asked)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 200, 200, 200, 201]);
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    const id = answers[0]?.body.id;
    expect(answers[0]?.body).toMatchObject({ external_id: "seller-7", name: "متجر النيل" });
    const other = await problemIn(client.createMerchant({ ...asked, name: "Another" }));
    expect(other).toMatchObject({ status: 409, code: "external_id_taken", problem: { merchant: id } });
  });

  it("403: a key that is limited to merchants makes none, and is told the same of those that are there", async () => {
    const { client } = await aClient();
    const { body: own } = await client.createMerchant({ external_id: "seller-8", name: "Eight" });
    await client.createMerchant({ external_id: "seller-9", name: "Nine" });
    const limited = await aClient({ merchantIds: [own.id] });
    expect((await limited.client.createMerchant({ external_id: "seller-8", name: "Eight" })).status).toBe(200);
    const [there, made] = await Promise.all(
      ["seller-9", "seller-new"].map((external_id) => problemIn(limited.client.createMerchant({ external_id, name: "Nine" }))),
    );
    expect(there).toMatchObject({ status: 403, code: "merchant_limited" });
    expect(made?.problem).toEqual(there?.problem);
  });
});

describe("GET /merchants", () => {
  beforeAll(async () => {
    for (let n = 0; n < 25; n += 1) await transaction((tx) => insertMerchant(tx, { name: `Shop ${n}`, externalId: `shop-${n}` }));
  });

  it("every one once, page after page, and by the company's own id", async () => {
    const { client } = await aClient();
    const ids: string[] = [];
    for (let after: string | undefined; ; ) {
      const { body } = await client.listMerchants({ limit: 7, ...(after === undefined ? {} : { after }) });
      ids.push(...body.data.map(({ id }) => id));
      if (body.next === null) break;
      after = body.next;
    }
    expect(ids.length).toBeGreaterThanOrEqual(25);
    expect(ids).toEqual([...new Set(ids)].sort());
    const { body } = await client.listMerchants({ external_id: "shop-3" });
    expect(body).toMatchObject({ data: [{ name: "Shop 3", external_id: "shop-3" }], next: null });
    const limited = await aClient({ merchantIds: [body.data[0]?.id] });
    expect((await limited.client.listMerchants()).body.data.map(({ name }) => name)).toEqual(["Shop 3"]);
    expect((await limited.client.listMerchants({ external_id: "shop-4" })).body.data).toEqual([]);
  });
});

describe("GET /providers", () => {
  afterAll(() => {
    (globalThis as { latchkeyStoredOffers?: unknown }).latchkeyStoredOffers = undefined;
  });

  it("what can be connected, how, and how it does; a key sees its own", async () => {
    const { client } = await aClient();
    await pauseOffer(await staff("admin"), "oauth2", { hours: 4, reason: "Moving house" });
    const { body, headers } = await client.listProviders();
    expect(headers.get("cache-control")).toBe("no-store");
    expect(body.data.map(({ slug }) => slug).sort()).toEqual(Object.keys(at.simulators).sort());
    const norce = body.data.find(({ slug }) => slug === "norce");
    expect(norce).toMatchObject({ name: "Norce", kind: "credentials", paused_until: null, incident: false, failing: false });
    expect(norce?.fields.find(({ name }) => name === "client_secret")).toMatchObject({ kind: "secret", optional: false });
    expect(body.data.find(({ slug }) => slug === "oauth2")?.paused_until).toMatch(/^\d{4}-/);
    expect(JSON.stringify(body)).not.toContain("CNRY-");
    const limited = await aClient({ offers: ["norce"] });
    expect((await limited.client.listProviders()).body.data.map(({ slug }) => slug)).toEqual(["norce"]);
  });

  it("403 for a key without the scope", async () => {
    const { client } = await aClient({ scopes: ["proxy"] });
    for (const call of [
      () => client.listProviders(),
      () => client.listMerchants(),
      () => client.listEvents(),
      () => client.createMerchant({ external_id: "x", name: "x" }),
    ])
      expect(await problemIn(call())).toMatchObject({ status: 403, code: "forbidden" });
  });
});
