import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import type { Action } from "@/tests/support/action-manifest";
import { inAddress, inHeader, json, text } from "./texts";

export type Who = "admin" | "support" | "member" | "nobody";
export type Ask = {
  surface: string;
  name: string;
  who: Who;
  method: string;
  path: string;
  headers: Record<string, string>;
  /** Pairs are a form. */
  body: string | [string, string][] | null;
  /** Of another site: the framework answers 500 to a foreign Origin by itself. */
  foreign: boolean;
};

const who = fc.constantFrom<Who>("admin", "admin", "support", "member", "nobody");
const fieldsOf = (file: string) => [
  ...new Set([...readFileSync(file, "utf8").matchAll(/(?:text|texts|get|getAll|has)\((?:form, )?"(\w+)"/g)].map(([, name = ""]) => name)),
];
const pairs = (names: readonly string[]) =>
  fc.array(
    fc.tuple(
      names.length > 0
        ? fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...names) }, { weight: 1, arbitrary: fc.string({ maxLength: 20 }) })
        : fc.string({ maxLength: 20 }),
      text,
    ),
    {
      maxLength: 12,
    },
  );

/** Bodies as the framework's own script sends them, by hand, cut off, and not at all. */
function actionAsk(url: string, action: Action, names: readonly string[], surface: string): fc.Arbitrary<Ask> {
  const base = { surface, name: `${action.file} ${action.name}`, method: "POST", path: action.page, foreign: false };
  const arguments_ = fc.constantFrom(
    '["$K1"]',
    '[null,"$K1"]',
    '[{"answer":0,"errors":[],"values":null},"$K1"]',
    "[]",
    '["$undefined"]',
    '["$F1"]',
    "{}",
    "x",
  );
  const origin = { origin: url };
  return fc.oneof(
    {
      weight: 6,
      arbitrary: fc.tuple(who, arguments_, pairs(names)).map(
        ([asker, args, fields]): Ask => ({
          ...base,
          who: asker,
          headers: { ...origin, "next-action": action.id },
          body: [...fields.map(([name, value]): [string, string] => [`_1_${name}`, value]), ["0", args]],
        }),
      ),
    },
    {
      weight: 3,
      arbitrary: fc.tuple(who, pairs(names)).map(
        ([asker, fields]): Ask => ({
          ...base,
          who: asker,
          headers: origin,
          body: [[`$ACTION_ID_${action.id}`, ""], ...fields],
        }),
      ),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(
          who,
          json,
          fc.constantFrom("text/plain;charset=UTF-8", "application/json", "multipart/form-data", "multipart/form-data; boundary=x", ""),
        )
        .map(
          ([asker, body, type]): Ask => ({
            ...base,
            who: asker,
            headers: { ...origin, "next-action": action.id, "content-type": type },
            body,
          }),
        ),
    },
    {
      weight: 1,
      arbitrary: fc.tuple(who, inHeader, pairs(names)).map(
        ([asker, value, fields]): Ask => ({
          ...base,
          who: asker,
          foreign: true,
          headers: { origin: value || "null", "x-forwarded-host": value, "next-action": action.id },
          body: fields,
        }),
      ),
    },
  );
}

const methods = fc.constantFrom("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS");

function apiAsk(routes: readonly { method: string; path: string }[], keys: readonly string[]): fc.Arbitrary<Ask> {
  const route = fc.constantFrom(...routes);
  return fc
    .record({
      route,
      method: fc.option(methods, { freq: 8 }),
      ids: fc.array(inAddress, { minLength: 3, maxLength: 3 }),
      query: fc.array(
        fc.tuple(
          fc.constantFrom("q", "limit", "after", "state", "merchant", "provider", "min_ttl", "rejected", "wait", "external_id", "x"),
          inAddress,
        ),
        { maxLength: 4 },
      ),
      authorization: fc.oneof(
        { weight: 6, arbitrary: fc.constantFrom(...keys.map((key) => `Bearer ${key}`)) },
        { weight: 1, arbitrary: inHeader },
      ),
      type: fc.oneof({ weight: 5, arbitrary: fc.constant("application/json") }, { weight: 1, arbitrary: inHeader }),
      body: json,
      extra: inHeader,
    })
    .map(({ route: { method, path }, method: other, ids, query, authorization, type, body, extra }): Ask => {
      let at = 0;
      const filled = path.replace(/\{\w+\}/g, () => ids[at++] || "x");
      const verb = other ?? method;
      const asked = query.map(([name, value]) => `${name}=${value}`).join("&");
      return {
        surface: "the backends' API",
        name: `${method} ${path}`,
        who: "nobody",
        method: verb,
        path: `/api/v1${filled}${asked && `?${asked}`}`,
        headers: { authorization, "content-type": type, "idempotency-key": extra, "x-forwarded-for": extra },
        body: ["GET", "HEAD", "OPTIONS"].includes(verb) ? null : body,
        foreign: false,
      };
    });
}

function webhookAsk(url: string, key: string): fc.Arbitrary<Ask> {
  const notice = fc.record({
    merchant_id: text,
    type: fc.oneof(fc.constant("oauth.authorization.revoked"), text),
    event_id: text,
    created_at: text,
    data: fc.json({ maxDepth: 3 }),
  });
  const body = fc.oneof(
    json,
    notice.map((value) => JSON.stringify(value)),
  );
  return fc
    .tuple(body, fc.option(inHeader, { freq: 3 }), fc.constantFrom("square", "square", "square", "noon", "none"))
    .map(([said, forged, slug]): Ask => {
      const wellFormed = said.toWellFormed();
      const signed = createHmac("sha256", key).update(`${url}/api/webhooks/square${wellFormed}`).digest("base64");
      return {
        surface: "webhooks",
        name: slug,
        who: "nobody",
        method: "POST",
        path: `/api/webhooks/${slug}`,
        headers: { "content-type": "application/json", "x-square-hmacsha256-signature": forged ?? signed },
        body: wellFormed,
        foreign: false,
      };
    });
}

function routeAsk(url: string): fc.Arbitrary<Ask> {
  const path = fc.constantFrom(
    ...["noon", "square", "ultracart", "oauth2", "norce", "none"].flatMap((slug) => [
      `/api/oauth/${slug}/callback`,
      `/api/oauth/${slug}/start`,
    ]),
    ...[
      "/api/preferences",
      "/api/links/open",
      "/api/mail/unsubscribe",
      "/sign-in/provider",
      "/api/cron/renew",
      "/api/metrics",
      "/api/auth/callback/oidc",
      "/sign-in/link",
    ],
    ...[
      "/support/export",
      "/audit/export",
      "/support/version",
      "/support",
      "/connections",
      "/audit",
      "/people",
      "/sign-in",
      "/settings/mail",
      "/link/x",
    ],
  );
  const names = [
    "code",
    "state",
    "iss",
    "error",
    "token",
    "email",
    "q",
    "to",
    "page",
    "after",
    "before",
    "by",
    "kind",
    "List-Unsubscribe",
    "locale",
    "merchantId",
    "connectionId",
    "attemptId",
  ];
  return fc
    .record({
      path,
      asker: who,
      method: fc.constantFrom("GET", "GET", "POST", "HEAD"),
      fields: pairs(names),
      query: fc.array(fc.tuple(fc.constantFrom(...names), inAddress), { maxLength: 5 }),
      body: json,
      form: fc.boolean(),
    })
    .map(({ path: to, asker, method, fields, query, body, form }): Ask => {
      const asked = query.map(([name, value]) => `${name}=${value}`).join("&");
      return {
        surface: "callbacks, starts and other routes",
        name: to,
        who: asker,
        method,
        path: `${to}${asked && `?${asked}`}`,
        headers: { origin: url },
        body: method !== "POST" ? null : form ? fields : body,
        foreign: false,
      };
    });
}

/** Everything that may be sent to a running product, by surface; of platforms' forms as many as of all other actions. */
export function asksOf(at: {
  url: string;
  actions: readonly Action[];
  routes: readonly { method: string; path: string }[];
  keys: readonly string[];
  webhookKey: string;
}) {
  // Signing out would end the session that the others need.
  const actions = at.actions.filter(({ name }) => name !== "signOutAction");
  const forms = actions.filter(({ file }) => file.includes("/providers/"));
  const others = actions.filter((action) => !forms.includes(action));
  const of = (list: readonly Action[], surface: string) =>
    fc.oneof(...list.map((action) => actionAsk(at.url, action, fieldsOf(action.file), surface)));
  return {
    "server actions": of(others, "server actions"),
    "platforms' forms": of(forms, "platforms' forms"),
    "the backends' API": apiAsk(at.routes, at.keys),
    webhooks: webhookAsk(at.url, at.webhookKey),
    "callbacks, starts and other routes": routeAsk(at.url),
  };
}
