import { createHash } from "node:crypto";
import { sql } from "drizzle-orm";
import { revokeKey } from "@/db/api-keys";
import { handOuts } from "@/db/api-tables";
import { database, transaction } from "@/db/client";
import { insertMembership } from "@/db/memberships";
import { newId } from "@/db/new-id";
import { connections } from "@/db/schema";
import { createKey } from "@/lib/keys/create-key";
import { keyScopes } from "@/lib/keys/key-scopes";
import { newKeyToken } from "@/lib/keys/key-token";
import { keyedRoutes } from "@/tests/api/asked-as";
import { documentNow } from "@/tests/api/client-now";
import { asActor, makeMerchant, makePerson } from "@/tests/auth/people";
import { runKeys } from "./f7/run-keys";
import { type Cell, type People, runMatrix, unruled } from "./f7/run-matrix";
import * as table from "./f7/table";
import { withoutProxy } from "./f7/without-proxy";
import type { Figure } from "./figure";
import { type Standing, standingProduct } from "./standing-product";

const mutants: Record<string, string> = {
  "merchants-are-one": "whoever belongs to a merchant is let to every merchant's stores",
  "keys-are-unlimited": "a key's limits to merchants are not kept",
};

/** With a `caller`, a key that has been handed its access. */
async function makeStore(merchantId: string, caller?: string): Promise<string> {
  const id = newId("con");
  await database()
    .insert(connections)
    .values({
      ...{ id, merchantId, offer: "square", provider: "square", environment: "production", status: "active" },
      ...{
        accountId: id,
        scopes: ["ORDERS_READ"],
        renewable: true,
        connectedAt: new Date(),
        connectedBy: "usr_owner",
        issuedAt: new Date(),
      },
    });
  if (caller) await database().insert(handOuts).values({ connectionId: id, keyId: caller, minute: new Date(), n: 1 });
  return id;
}

async function matrix(product: Standing, mutant: string | null, say: (line: string) => void): Promise<Cell[]> {
  const cells: Cell[] = [];
  const add = (cell: Cell) => void cells.push(cell);
  const suffix = crypto.randomUUID().slice(0, 8);
  const [ours, theirs] = [await makeMerchant(`Riyadh Trading ${suffix}`), await makeMerchant(`Jeddah Books ${suffix}`)];
  const person = (name: string, role: "admin" | "support" | "member", merchant: string | null = null) =>
    makePerson(`${name}-${suffix}@people.example`, role, merchant);
  const admin = await person("omar", "admin");
  const [stale, disabled, stranger] = [
    await person("stale", "member", ours),
    await person("disabled", "admin"),
    await person("yusuf", "member", theirs),
  ];
  await database().execute(sql`update sessions set expires_at = app_now() - interval '1 second' where user_id = ${stale.id}`);
  await database().execute(sql`update users set disabled_at = app_now() where id = ${disabled.id}`);
  if (mutant === "merchants-are-one") await transaction((tx) => insertMembership(tx, stranger.id, "member", ours));
  const people: People = {
    nobody: null,
    stale: stale.token,
    disabled: disabled.token,
    member: (await person("mona", "member", ours)).token,
    colleague: (await person("nora", "member", ours)).token,
    stranger: stranger.token,
    support: (await person("sara", "support")).token,
    admin: admin.token,
  };
  const key = (scopes: readonly string[], days: number | null = 30) =>
    createKey(asActor(admin.id), {
      name: `matrix ${suffix}`,
      scopes,
      merchantIds: mutant === "keys-are-unlimited" ? null : [ours],
      offers: null,
      days,
      requestsPerSecond: 500,
    });
  const [revoked, expired, live] = [await key([...keyScopes]), await key([...keyScopes]), await key([...keyScopes])];
  await transaction((tx) => revokeKey(tx, revoked.id, admin.id));
  await database().execute(sql`update api_keys set expires_at = app_now() - interval '1 second' where id = ${expired.id}`);
  await runMatrix(product.url, people, () => makeStore(ours, live.id), live.id, add);
  say(`  ${cells.length} cells of people`);
  const bad = { "no key": null, "an unknown key": newKeyToken(), "a revoked key": revoked.token, "an expired key": expired.token };
  const scoped: Record<string, string> = {};
  for (const scope of keyScopes) scoped[scope] = (await key([scope])).token;
  const routes = keyedRoutes(documentNow()).filter(({ path }) => !path.includes("/proxy"));
  const stores = async () => ({ own: await makeStore(ours), theirs: await makeStore(theirs), none: "con_00000000000000000000" });
  await runKeys(product.url, routes, { bad, scoped }, stores, add);
  return cells;
}

export const figure: Figure = {
  title:
    "Who may do what: every page, action and route of the build, by every role, about every kind of thing; with proxy.ts and without it",
  mutants,
  gate: ["external"],
  night: ["external"],
  complete: true,
  measure: async ({ mutant, address, say }) => {
    const missing = unruled();
    if (missing.length > 0) throw new Error(`No rule is about ${missing.join(", ")}`);
    const runs: Record<string, Cell[]> = {};
    const measure = async (name: string, folder?: string) => {
      const product = await standingProduct(address, { folder });
      try {
        const policy = (await fetch(`${product.url}/sign-in`)).headers.get("content-security-policy");
        if ((policy === null) !== (folder !== undefined))
          throw new Error(`proxy.ts is ${policy === null ? "gone" : "there"}, which was not meant.`);
        runs[name] = await matrix(product, mutant, say);
      } finally {
        await product.close();
      }
    };
    await measure("with proxy.ts");
    if (mutant === null) {
      const { folder, end } = withoutProxy();
      try {
        await measure("without proxy.ts", folder);
      } finally {
        end();
      }
    }
    const all = Object.values(runs).flat();
    const wrong = all.filter(({ wanted, got }) => wanted !== got);
    const lines = wrong.map(({ what, role, thing, wanted, got }) => `${what}, ${role}, ${thing}: ${got} in place of ${wanted}`);
    for (const line of lines.slice(0, 40)) say(`  ${line}`);
    const counts = Object.entries(runs).map(([name, cells]) => `${cells.length} ${name}`);
    const { pages, actions } = table;
    return {
      n: all.length,
      of: "decisions",
      failures: wrong.length,
      line: `${counts.join(", ")}: ${wrong.length} wrong; ${Object.keys(pages).length} pages, ${new Set(all.map(({ what }) => what)).size} operations in all`,
      result: {
        cells: Object.fromEntries(Object.entries(runs).map(([name, cells]) => [name, cells.length])),
        decisions: Object.fromEntries([...Map.groupBy(all, ({ got }) => got)].map(([got, cells]) => [got, cells.length])),
        wrong: lines,
        table: createHash("sha256").update(JSON.stringify({ pages, actions })).digest("hex"),
      },
    };
  },
  notTested: [
    "pages that a link opens, which has no role: tests/connections/links.test.ts",
    "calls passed on to platforms: tests/api/proxy.test.ts",
  ],
};
