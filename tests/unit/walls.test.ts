import { globSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

const read = (path: string) => ({ path, text: readFileSync(path, "utf8") });
const sources = (...patterns: string[]) => globSync(patterns).map(read);
const actions = sources("app/**/*.{ts,tsx}").filter(({ text }) => /["']use server["']/.test(text));

/** Handlers that somebody else than a browser's page calls, each with what stands in for the Origin. */
const MACHINES = new Map([
  ["app/api/v1/[...path]/route.ts", "a key"],
  ["app/api/webhooks/[provider]/route.ts", "the platform's signature"],
  ["app/api/cron/renew/route.ts", "a bearer token"],
  ["app/api/mail/unsubscribe/route.ts", "a signed link, as RFC 8058 has it"],
  ["app/api/auth/[...nextauth]/route.ts", "judged in receiveSignIn"],
]);
const ASKS = /^\s*(if \(!isSameOrigin\(|await assertSameOrigin\()/;

/** Functions by name, as they stand in a file: whether they are exported and what they begin with. */
function functionsOf(text: string): { name: string; exported: boolean; body: string }[] {
  return [...text.matchAll(/^(export )?async function (\w+)\([\s\S]*?\{\n([\s\S]*?)^\}/gm)].map(([, exported, name = "", body = ""]) => ({
    name,
    exported: exported !== undefined,
    body,
  }));
}

/** Actions that do anything before they have asked where they were sent from. */
function unasked(text: string): string[] {
  const all = functionsOf(text);
  const asking = all.filter(({ body }) => ASKS.test(body)).map(({ name }) => name);
  const first = (body: string) => body.split(";")[0] ?? "";
  return all
    .filter(({ exported, name, body }) => exported && !asking.includes(name) && !asking.some((other) => first(body).includes(`${other}(`)))
    .map(({ name }) => name);
}

it("S-57 S-84: each action and each handler of a form asks for our Origin before anything else", () => {
  expect(actions.length).toBeGreaterThan(15);
  const found = actions.flatMap(({ path, text }) => unasked(text).map((name) => `${path} ${name}`));
  expect(found).toEqual([]);
  for (const { path, text } of sources("app/**/route.ts")) {
    if (!/\b(POST|PUT|PATCH|DELETE)\b/.test(text) || MACHINES.has(path)) continue;
    expect(text, path).toMatch(/isSameOrigin\(|assertSameOrigin\(/);
  }
  for (const path of MACHINES.keys()) expect(read(path).text, path).toMatch(/\b(POST)\b/);
});

it("S-57 S-84: bites: an action that asks late, or not at all", () => {
  expect(unasked("export async function a(): Promise<void> {\n  await assertSameOrigin();\n}\n")).toEqual([]);
  expect(unasked("export async function a(): Promise<void> {\n  await work();\n  await assertSameOrigin();\n}\n")).toEqual(["a"]);
  expect(unasked("export async function a(form: FormData): Promise<void> {\n  await work(form);\n}\n")).toEqual(["a"]);
});

it("S-87: an action stands in a file of actions and closes over nothing that a page knew", () => {
  for (const { path, text } of actions) {
    expect(text.startsWith('"use server";\n'), path).toBe(true);
    expect(text.match(/["']use server["']/g), path).toHaveLength(1);
  }
});

it("S-59: proxy.ts sets headers and decides nothing", () => {
  const { text } = read("proxy.ts");
  expect(text.match(/from "[^"]+"/g)).toEqual(['from "next/server"', 'from "@/lib/env"']);
  expect(text).not.toMatch(/redirect|rewrite|status|cookies|new NextResponse|NextResponse\.json/);
});

it("S-62: no schema lets through what it does not name", () => {
  const loose = sources("lib/**/*.ts", "app/**/*.ts").filter(({ text }) => /looseObject|passthrough\(|catchall\(/.test(text));
  // A problem's own details, which we write.
  expect(loose.map(({ path }) => path)).toEqual(["lib/api/operation-route.ts"]);
});

it("S-66: no statement is made of anything that somebody sent", () => {
  const raw = sources("db/**/*.ts", "lib/**/*.ts", "app/**/*.ts").filter(({ text }) => /sql\.(raw|identifier)\(/.test(text));
  // The name of a schema, the names of our own counts, our own migrations, our own sealed columns.
  const own = ["db/check-server.ts", "db/connection-gather.ts", "db/migrate.ts", "db/resealing.ts"];
  expect(raw.map(({ path }) => path).sort()).toEqual(own);
});

it("S-109: nothing makes images, of whatever address, and nothing is fetched for a browser", () => {
  const { text: config } = read("next.config.mjs");
  expect(config).toContain("images: { unoptimized: true },");
  expect(config).not.toMatch(/rewrites|remotePatterns|domains/);
  const found = sources("app/**/*.{ts,tsx}", "components/**/*.tsx", "lib/**/*.ts").filter(({ text }) => /next\/(og|image)["']/.test(text));
  expect(found.map(({ path }) => path)).toEqual([]);
});
