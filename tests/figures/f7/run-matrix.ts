import { readFileSync } from "node:fs";
import { readActions } from "@/tests/support/action-manifest";
import { type Decision, decisionOf, expected, type Role, type Thing } from "./decide";
import { actions, forAnybody, pages, type Rule } from "./table";

export type People = Record<Role, string | null>;
export type Cell = { what: string; role: string; thing: string; wanted: string; got: string };
type Make = () => Promise<string>;

const THINGS: readonly Thing[] = ["own", "none", "malformed"];
const named: Record<Exclude<Thing, "own" | "nothing">, string> = { none: "con_00000000000000000000", malformed: "..%00'\"<x>" };

/** Every address and every action of the build that no rule is about. */
export function unruled(): string[] {
  const routes = Object.values(JSON.parse(readFileSync(".next/app-path-routes-manifest.json", "utf8")) as Record<string, string>);
  const without = routes.filter((route) => !(route in pages) && !forAnybody.test(route));
  return [...without, ...readActions().flatMap(({ file, name }) => (ruleOf(file, name) ? [] : [`${file} ${name}`]))];
}

const ruleOf = (file: string, name: string) => actions[`${file} ${name}`] ?? actions[file];
const headersOf = (url: string, token: string | null): Record<string, string> => ({
  accept: "text/html",
  origin: url,
  ...(token !== null && { cookie: `latchkey.session=${token}` }),
});

/** Each page and each action, by each role, about each thing; `makeStore` makes a connection of the member's merchant. */
export async function runMatrix(url: string, people: People, makeStore: Make, keyId: string, add: (cell: Cell) => void): Promise<void> {
  const each = async (what: string, rule: Rule, ask: (token: string | null, id: string) => Promise<Decision>) => {
    const all = (Object.keys(people) as Role[]).flatMap((role) =>
      (rule.store ? THINGS : (["nothing"] as const)).map(async (thing) => {
        const id = thing === "own" ? await makeStore() : thing === "nothing" ? named.none : named[thing];
        const wanted = expected(rule, role, thing);
        const got = await ask(people[role], id);
        // What is not there is not there for whoever may look for it, and a refusal may say so as well.
        const absent = got === "404" && thing === "nothing" && wanted !== "sign-in";
        return { what, role, thing, wanted, got: absent ? wanted : got };
      }),
    );
    for (const cell of await Promise.all(all)) add(cell);
  };
  for (const [path, rule] of Object.entries(pages))
    await each(`GET ${path}`, rule, async (token, id) => {
      const filled = path.replace(/\[(\w+)\]/g, (_, name: string) =>
        name === "provider" || name === "slug" ? "square" : encodeURIComponent(id),
      );
      const query = path === "/support/bulk" ? "?act=test&all=1&query=" : "";
      const answer = await fetch(url + filled + query, { headers: headersOf(url, token), redirect: "manual" });
      await answer.arrayBuffer();
      return decisionOf(answer.status, answer.headers.get("location"));
    });
  for (const { id: action, name, file, page } of readActions()) {
    const rule = ruleOf(file, name);
    if (!rule || name === "signOutAction") continue;
    await each(`${file} ${name}`, rule, async (token, id) => {
      const body = new FormData();
      for (const field of ["id", "connectionId"]) body.set(`_1_${field}`, id);
      body.set("_1_keyId", keyId);
      const before = '{"answer":0,"errors":[],"values":null,"faults":{}}';
      body.set(
        "0",
        "value" in rule && rule.value ? JSON.stringify([id]) : "before" in rule && rule.before ? `[${before},"$K1"]` : '["$K1"]',
      );
      const answer = await fetch(url + page, {
        method: "POST",
        headers: { ...headersOf(url, token), "next-action": action },
        body,
        redirect: "manual",
      });
      await answer.arrayBuffer();
      const got = decisionOf(answer.status, answer.headers.get("x-action-redirect") ?? answer.headers.get("location"));
      // Whoever signs in is led on within the same pages.
      return rule.may === "*" && got === "sign-in" ? "let" : got;
    });
  }
}
