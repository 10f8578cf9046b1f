import { sql } from "drizzle-orm";
import { beforeAll, expect, it } from "vitest";
import { database } from "@/db/client";
import { useEnv } from "@/tests/auth/set-env";
import { useDatabase } from "@/tests/support/database";
import { aMerchant, connected } from "@/tests/support/journey";
import { BASE_URL, platforms } from "@/tests/support/platforms";
import { told } from "./access-world";
import { aCaller, type Caller } from "./callers";

useEnv({ LATCHKEY_URL: BASE_URL, LATCHKEY_RETURN_ORIGINS: "https://shop.example" });
useDatabase();
const at = platforms();
let caller: Caller;
let id: string;

beforeAll(async () => {
  const scopes = ["access:read", "connections:read", "connections:write", "links:create", "credentials:read"];
  caller = await aCaller({ scopes });
  ({ id } = await connected(at, await aMerchant("Nile Books"), "square"));
});

const send = (path: string, body: unknown, method = "POST") =>
  caller.ask(path, { method, headers: { "content-type": "application/json" }, body: JSON.stringify(body) });

it.each(["/connections/%00/access", "/connections/%00/credentials", "/connections/%00"])("404: GET %s names nothing", async (path) => {
  expect(await told(await caller.ask(path))).toEqual([404, "not_found"]);
});

it("404: a report of a name that can be none, and in a batch", async () => {
  expect(await told(await send("/connections/%00/report", { generation: 1 }))).toEqual([404, "not_found"]);
  const { results } = await (await send("/access/batch", { connections: ["\u0000", id] })).json();
  expect(results.map(({ status }: { status: number }) => status)).toEqual([404, 200]);
});

it.each([
  "/access?provider=square&merchant=a%00",
  "/access?merchant=a&provider=%00",
  "/connections?merchant=%00",
  "/connections?account=%00",
  "/merchants?after=%00",
])("400: GET %s holds what no text holds", async (path) => {
  const answer = await caller.ask(path);
  const { code, errors } = await answer.json();
  expect([answer.status, code, errors[0].message]).toEqual([400, "invalid", "No control characters"]);
});

it("400: in a body as well; a reason of nothing but control characters is none", async () => {
  expect(await told(await send("/connections/import", { provider: "norce", merchant: "\u0000", values: {} }))).toEqual([400, "invalid"]);
  const answer = await send(`/connections/${id}`, { reason: "\u0007" }, "DELETE");
  const { code, errors } = await answer.json();
  expect([answer.status, code, errors[0].field]).toEqual([400, "invalid", "reason"]);
});

it("a way back is kept as browsers read it", async () => {
  const asked = { merchant: { external_id: "nile", name: "Nile" }, return_url: "https://shop.example/\u0000a" };
  const { id: link } = await (await send("/connect-links", asked)).json();
  const kept = await database().execute(sql`select return_url from connect_links where id = ${link}`);
  expect(kept.rows).toEqual([{ return_url: "https://shop.example/%00a" }]);
});
