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
/** What makes every action: it asks for our Origin, and then whether a form of ours could have sent that. */
const MAKERS = read("app/acting.ts").text;
const FIRST = /^ {2}noteEntry\(\);\n {2}await assertSameOrigin\(\);$/;

/** What a file of actions lets out without having it made there. */
function unmade(text: string): string[] {
  const made = /^export const \w+ = (acting|answering|asking)(<[^\n]+>)?\(/;
  return text.split("\n").filter((line) => /^\s*export\b/.test(line) && !made.test(line));
}

/** Actions by their makers that do anything before the maker has entered them. */
function unasked(text: string): string[] {
  const [, enter = ""] = /^async function enter\(\)[^{]*\{\n([\s\S]*?)\n\}/m.exec(text) ?? [];
  const all = [...text.matchAll(/^export function (\w+)[\s\S]*?^}/gm)];
  return all
    .filter(([body]) => !FIRST.test(enter) || !/^ {2}return async \([^{]*\{\n {4}await enter\(\);$/m.test(body))
    .map(([, name = ""]) => name);
}

it("S-57 S-84: each action and each handler of a form asks for our Origin before anything else", () => {
  expect(actions.length).toBeGreaterThan(15);
  expect(unasked(MAKERS)).toEqual([]);
  expect(MAKERS.match(/^export (?!function (acting|answering|asking)\b)/gm)).toBeNull();
  for (const { path, text } of actions) {
    expect(unmade(text), path).toEqual([]);
    expect(text, path).toMatch(/^import \{ [\w, ]+ \} from "@\/app\/acting";$/m);
  }
  for (const { path, text } of sources("app/**/route.ts")) {
    if (!/\b(POST|PUT|PATCH|DELETE)\b/.test(text) || MACHINES.has(path)) continue;
    expect(text, path).toMatch(/isSameOrigin\(|assertSameOrigin\(/);
  }
  for (const path of MACHINES.keys()) expect(read(path).text, path).toMatch(/\b(POST)\b/);
});

it("S-57 S-84: bites: an action that is made by hand, and a maker that asks late or not at all", () => {
  expect(unmade("export const a = acting(async (form) => {\n  await work(form);\n});\n")).toEqual([]);
  expect(unmade("export async function a(form: FormData): Promise<void> {\n  await assertSameOrigin();\n}\n")).toHaveLength(1);
  expect(unmade("export const a = async (form: FormData) => work(form);\n")).toHaveLength(1);
  expect(unmade('export { a } from "./b";\n')).toHaveLength(1);
  expect(unmade("export default acting(work);\n")).toHaveLength(1);
  const names = ["acting", "answering", "asking"];
  expect(unasked(MAKERS.replace("  await assertSameOrigin();\n", ""))).toEqual(names);
  expect(unasked(MAKERS.replace("  await assertSameOrigin();\n", "  await work();\n  await assertSameOrigin();\n"))).toEqual(names);
  expect(unasked(MAKERS.replace("    await enter();\n", ""))).toEqual(["acting"]);
  expect(unasked(MAKERS.replaceAll("    await enter();\n    return", "    await work();\n    await enter();\n    return"))).toEqual([
    "acting",
    "asking",
  ]);
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
