import fc from "fast-check";
import { type Ask, queryOf } from "./ask";
import { inAddress, inHeader, json } from "./texts";

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];
const BODILESS = ["GET", "HEAD", "OPTIONS"];
const ASKED = ["q", "limit", "after", "state", "merchant", "provider", "min_ttl", "rejected", "wait", "external_id", "x"];

/** Any route of the backends' API by a good key, mostly, with any ids, query, headers and body. */
export function apiAsk(
  routes: readonly { method: string; path: string }[],
  keys: readonly string[],
  known: readonly string[],
): fc.Arbitrary<Ask> {
  const id = fc.oneof({ weight: 3, arbitrary: inAddress }, { weight: 1, arbitrary: fc.constantFrom(...known) });
  return fc
    .record({
      route: fc.constantFrom(...routes),
      other: fc.oneof({ weight: 8, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: fc.constantFrom(...METHODS) }),
      ids: fc.array(id, { minLength: 3, maxLength: 3 }),
      query: fc.array(fc.tuple(fc.constantFrom(...ASKED), inAddress), { maxLength: 4 }),
      authorization: fc.oneof(
        { weight: 6, arbitrary: fc.constantFrom(...keys.map((key) => `Bearer ${key}`)) },
        { weight: 1, arbitrary: inHeader },
      ),
      type: fc.oneof({ weight: 5, arbitrary: fc.constant("application/json") }, { weight: 1, arbitrary: inHeader }),
      body: json,
      extra: inHeader,
    })
    .map(({ route, other, ids, query, authorization, type, body, extra }): Ask => {
      let at = 0;
      const method = other ?? route.method;
      return {
        surface: "the backends' API",
        name: `${route.method} ${route.path}`,
        who: "nobody",
        method,
        path: `/api/v1${route.path.replace(/\{\w+\}/g, () => ids[at++] || "x")}${queryOf(query)}`,
        headers: { authorization, "content-type": type, "idempotency-key": extra, "x-forwarded-for": extra },
        body: BODILESS.includes(method) ? null : body,
      };
    });
}
