import type { Cell } from "./run-matrix";

export type Keys = { bad: Record<string, string | null>; scoped: Record<string, string> };
type Route = { route: string; method: string; path: string; scope: string };

/** Each route of the backends' API, by each kind of key, about each store: of its merchant, of another one, of nobody. */
export async function runKeys(
  url: string,
  routes: readonly Route[],
  keys: Keys,
  stores: () => Promise<Record<string, string>>,
  add: (cell: Cell) => void,
): Promise<void> {
  const ask = async ({ method, path }: Route, token: string | null, id: string) => {
    const answer = await fetch(`${url}/api/v1${path.replace(/\{\w+\}/g, id)}`, {
      method,
      headers: { ...(token !== null && { authorization: `Bearer ${token}` }), "content-type": "application/json" },
      ...(method === "GET" ? {} : { body: path.endsWith("/report") ? '{"generation":0}' : '{"reason":"The seller has left"}' }),
    });
    await answer.arrayBuffer();
    return answer.status;
  };
  for (const route of routes) {
    // Who fails often is slowed, which is a refusal as well.
    const add401 = async (role: string, token: string | null) => {
      const status = await ask(route, token, "con_00000000000000000000");
      add({ what: route.route, role, thing: "none", wanted: "401", got: status === 429 ? "401" : String(status) });
    };
    for (const [role, token] of Object.entries(keys.bad)) await add401(role, token);
    for (const [scope, token] of Object.entries(keys.scoped)) {
      const all = route.path.includes("{id}") ? await stores() : { none: "con_00000000000000000000" };
      const got: Record<string, number> = {};
      for (const [thing, id] of Object.entries(all)) got[thing] = await ask(route, token, id);
      for (const [thing, status] of Object.entries(got)) {
        const may = scope === route.scope;
        const refused = status === 401 || status === 403;
        // Another merchant's is as if it were not there; one's own is let, whatever then comes of it.
        // Only some platforms hand out a file of credentials, and this one does not.
        if (route.path.endsWith("/credentials") && may && thing === "own") continue;
        const wanted = !may ? "403" : thing === "own" || !route.path.includes("{id}") ? "let" : String(got.none);
        const told = !may
          ? String(status)
          : thing === "own" || !route.path.includes("{id}")
            ? refused || status === 404
              ? String(status)
              : "let"
            : String(status);
        add({ what: route.route, role: `key with ${scope}`, thing, wanted, got: told });
      }
    }
  }
}
