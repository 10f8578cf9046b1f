import { createServer } from "node:http";
import { afterEach, expect, it } from "vitest";
import { carryNotices } from "@/tests/demo/carry-notices";
import { type Ports, places, startWorld } from "@/tests/demo/world";
import { approveAt } from "@/tests/providers/worlds/approve-at";
import { shipped } from "@/tests/providers/worlds/shipped";
import { SELLER_PATH } from "@/tests/simulators/square-seller";
import { freePort } from "@/tests/support/free-port";

const leave: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of leave.splice(0).reverse()) await end();
});

it("a seller of the demo's world takes the access away on a page, and the product is told in words that it believes", async () => {
  const [port, ...free] = await Promise.all([freePort(), ...places.map(() => freePort())]);
  const productUrl = `http://localhost:${port}`;
  const told: { url: string; headers: Headers; body: Uint8Array }[] = [];
  const product = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    told.push({
      url: `${productUrl}${request.url}`,
      headers: new Headers(request.headers as Record<string, string>),
      body: Buffer.concat(chunks),
    });
    response.writeHead(200).end();
  }).listen(port, "127.0.0.1");
  leave.push(async () => product.close());
  const world = await startWorld({ productUrl, ports: Object.fromEntries(places.map((id, at) => [id, free[at]])) as Ports });
  leave.push(world.close, carryNotices(world.platforms.square.webhooks, 10));

  const { SQUARE_CLIENT_ID = "", SQUARE_CLIENT_SECRET = "", SQUARE_API_URL = "", SQUARE_WEBHOOK_KEY = "" } = world.environment;
  const asked = { client_id: SQUARE_CLIENT_ID, scope: "ORDERS_READ", redirect_uri: `${productUrl}/api/oauth/square/callback` };
  const query = await approveAt(
    world.platforms.square,
    `${SQUARE_API_URL}/oauth2/authorize?${new URLSearchParams(asked)}`,
    "MLJEDDAH00002",
  );
  const body = { ...asked, client_secret: SQUARE_CLIENT_SECRET, grant_type: "authorization_code", code: query.get("code") };
  const json = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  expect((await fetch(`${SQUARE_API_URL}/oauth2/token`, json)).status).toBe(200);

  const page = async () => (await fetch(`${SQUARE_API_URL}${SELLER_PATH}`)).text();
  const buttons = async () => [...(await page()).matchAll(/<button name="store" value="([^"]+)"/g)].map(([, store]) => store);
  expect(await buttons()).toEqual(["MLJEDDAH00002"]);
  const removed = await fetch(`${SQUARE_API_URL}${SELLER_PATH}`, { method: "POST", body: new URLSearchParams({ store: "MLJEDDAH00002" }) });
  expect([removed.status, removed.url]).toEqual([200, `${SQUARE_API_URL}${SELLER_PATH}`]);
  expect(await buttons()).toEqual([]);
  await expect.poll(() => told.length).toBe(1);
  const { provider } = shipped("square", { SQUARE_CLIENT_ID, SQUARE_CLIENT_SECRET, SQUARE_WEBHOOK_KEY });
  expect(told.map((one) => provider?.notice?.(one))).toMatchObject([{ kind: "revoked", accountId: "MLJEDDAH00002" }]);
  expect(told[0]?.url).toBe(`${productUrl}/api/webhooks/square`);
});
