import fc from "fast-check";
import { type Ask, asker, fieldsOf, queryOf } from "./ask";
import { inAddress, json, text } from "./texts";

const SLUGS = ["noon", "square", "ultracart", "oauth2", "norce", "none"];
const PATHS = [
  ...SLUGS.flatMap((slug) => [`/api/oauth/${slug}/callback`, `/api/oauth/${slug}/start`]),
  ...["/api/preferences", "/api/links/open", "/api/mail/unsubscribe", "/api/cron/renew", "/api/metrics", "/api/auth/callback/oidc"],
  ...["/sign-in", "/sign-in/provider", "/sign-in/link", "/settings/mail", "/link/x"],
  ...["/support", "/support/export", "/support/version", "/support/bulk", "/connections", "/audit", "/audit/export", "/people", "/health"],
];
const NAMES = [
  ...["code", "state", "iss", "error", "token", "email", "to", "locale", "theme", "List-Unsubscribe"],
  ...["q", "page", "after", "before", "by", "kind", "merchantId", "connectionId", "attemptId", "act", "all", "query", "id"],
];

/** Callbacks, starts of flows, and whatever else a browser asks that is no action: pages with a query, and forms of handlers. */
export function routeAsk(url: string): fc.Arbitrary<Ask> {
  return fc
    .record({
      path: fc.constantFrom(...PATHS),
      who: asker,
      method: fc.constantFrom("GET", "GET", "POST", "HEAD"),
      fields: fieldsOf(NAMES, text),
      query: fc.array(fc.tuple(fc.constantFrom(...NAMES), inAddress), { maxLength: 5 }),
      body: json,
      form: fc.boolean(),
    })
    .map(
      ({ path, who, method, fields, query, body, form }): Ask => ({
        surface: "callbacks, starts and other routes",
        name: path,
        who,
        method,
        path: path + queryOf(query),
        headers: { origin: url },
        body: method !== "POST" ? null : form ? fields : body,
      }),
    );
}
