import fc from "fast-check";
import type { RedirectSlug } from "@/tests/support/journey";
import { redirects } from "./tampered";

/** Whose state the query carries: this browser's open attempt, one of its earlier ones, somebody else's, or nobody's. */
export type Whose = "own" | "used" | "expired" | "foreign" | "other platform's" | "nobody's";

export type CallbackCase = {
  slug: RedirectSlug;
  path: string;
  whose: Whose;
  who: "the same" | "signed out" | "somebody else" | "another browser";
  /** Names and values in order; STATE, CODE and ISS stand for the attempt's own. */
  pairs: readonly (readonly [string, string])[];
  /** Put between the pairs as it is, percent signs and all. */
  raw: string;
  headers: Readonly<Record<string, string>>;
};

const odd = [
  ...[
    "",
    " ",
    "%",
    "%%",
    "%zz",
    "%00",
    "%0d%0aset-cookie:%20a=b",
    "\u0000",
    "\r\n",
    "\u202e",
    "متجر",
    "🔑",
    "\ud800",
    "\ufeff",
    "null",
    "undefined",
  ],
  ...[
    "[object Object]",
    "__proto__",
    "constructor",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' or 1=1 --",
    "../../etc/passwd",
  ],
  ...[
    "javascript:alert(1)",
    "https://evil.example/",
    "a".repeat(512),
    "a".repeat(4_096),
    "a".repeat(4_097),
    "b".repeat(70_000),
    "ن".repeat(2_000),
  ],
];
const errors = [
  ...[
    "access_denied",
    "server_error",
    "temporarily_unavailable",
    "invalid_request",
    "invalid_scope",
    "unauthorized_client",
    "interaction_required",
  ],
  ...["ACCESS_DENIED", "__proto__", "constructor", "redirect_uri_mismatch", "unsupported_response_type", "<b>", "x".repeat(257), "a_b"],
];
const text = fc.oneof(
  { arbitrary: fc.constantFrom(...odd), weight: 3 },
  { arbitrary: fc.string({ unit: "binary", maxLength: 30 }), weight: 1 },
);
const names = ["code", "state", "iss", "error", "error_description", "error_uri"];
const forms = [
  (name: string) => name,
  (name: string) => `${name}[]`,
  (name: string) => `${name}[0]`,
  (name: string) => `${name}[a][b]`,
  (name: string) => name.toUpperCase(),
  (name: string) => name.replace(/^./, (first) => first.toUpperCase()),
  (name: string) => ` ${name}`,
  (name: string) => `${name}\u0000`,
  (name: string) => `${name}.x`,
];
const name = fc.oneof(
  { arbitrary: fc.tuple(fc.constantFrom(...names), fc.constantFrom(...forms)).map(([one, form]) => form(one)), weight: 3 },
  {
    arbitrary: fc.constantFrom(
      "provider",
      "tenant",
      "redirect_uri",
      "returnTo",
      "merchantId",
      "id_token",
      "response",
      "session_state",
      "scope",
    ),
    weight: 1,
  },
  { arbitrary: text, weight: 1 },
);

/** The pairs that a platform would send, some of them, then others. */
const pairs = fc
  .record({
    state: fc.oneof(
      { arbitrary: fc.constant("STATE"), weight: 12 },
      { arbitrary: text, weight: 1 },
      { arbitrary: fc.constant(null), weight: 1 },
    ),
    code: fc.oneof(
      { arbitrary: fc.constant("CODE"), weight: 6 },
      { arbitrary: text.map((one) => `${one}CODE`), weight: 2 },
      { arbitrary: fc.constant(null), weight: 2 },
    ),
    iss: fc.oneof(
      { arbitrary: fc.constant("ISS"), weight: 4 },
      { arbitrary: text, weight: 1 },
      { arbitrary: fc.constantFrom("ISS/", "iss", null), weight: 2 },
    ),
    error: fc.oneof(
      { arbitrary: fc.constant(null), weight: 4 },
      { arbitrary: fc.constantFrom(...errors), weight: 1 },
      { arbitrary: text, weight: 1 },
    ),
    more: fc.array(fc.tuple(name, fc.oneof(fc.constantFrom("STATE", "CODE", "ISS"), text)), { maxLength: 3 }),
    many: fc.oneof({ arbitrary: fc.constant(0), weight: 30 }, { arbitrary: fc.constant(1_000), weight: 1 }),
    shuffled: fc.boolean(),
  })
  .map(({ state, code, iss, error, more, many, shuffled }) => {
    const usual = Object.entries({ code, state, iss, error }).flatMap(([one, value]): [string, string][] =>
      value === null ? [] : [[one, value]],
    );
    const flood = Array.from({ length: many }, (_, index): [string, string] => [`x${index}`, "y"]);
    // Most queries are right but for one thing, or the handler would never see past their shape.
    const all = [...usual, ...(more.length > 1 ? more.slice(1) : []), ...flood];
    return shuffled ? all.toReversed() : all;
  });

const header = fc.dictionary(
  fc.constantFrom(
    "accept-language",
    "x-forwarded-host",
    "x-forwarded-proto",
    "origin",
    "referer",
    "purpose",
    "rsc",
    "next-router-prefetch",
  ),
  fc.oneof(
    fc.constantFrom("ar", "ar-SA,en;q=0.1", "*", "evil.example", "null", "1", ",;q=", "en".repeat(500)),
    fc.stringMatching(/^[!-~]{0,30}$/),
  ),
  { maxKeys: 2 },
);

export const callbackCase: fc.Arbitrary<CallbackCase> = fc
  .record({
    slug: fc.constantFrom(...redirects),
    path: fc.oneof(
      { arbitrary: fc.constant(""), weight: 20 },
      {
        arbitrary: fc.constantFrom(
          ...redirects,
          "norce",
          "nowhere",
          "__proto__",
          "constructor",
          "SQUARE",
          "square ",
          "%00",
          "../square",
          "ن",
        ),
        weight: 3,
      },
    ),
    whose: fc.oneof(
      { arbitrary: fc.constant("own" as const), weight: 8 },
      {
        arbitrary: fc.constantFrom(
          "used" as const,
          "expired" as const,
          "foreign" as const,
          "other platform's" as const,
          "nobody's" as const,
        ),
        weight: 4,
      },
    ),
    who: fc.oneof(
      { arbitrary: fc.constant("the same" as const), weight: 8 },
      { arbitrary: fc.constantFrom("signed out" as const, "somebody else" as const, "another browser" as const), weight: 2 },
    ),
    pairs,
    raw: fc.oneof(
      { arbitrary: fc.constant("&"), weight: 6 },
      { arbitrary: fc.constantFrom("&&", ";", "&%&", "&=&", "&%C0%AF=%E0%A4&", "&+&", "&\u0000&", "&#"), weight: 1 },
    ),
    headers: header,
  })
  .map((it) => ({ ...it, path: it.path || it.slug }));

/** The query's text. What is not a placeholder is percent-encoded, or not where it could not be. */
export function queryOf(it: CallbackCase, own: { state: string; code: string; iss: string }): string {
  const filled = (value: string) => value.replace("STATE", own.state).replace("CODE", own.code).replace("ISS", own.iss);
  const encoded = (value: string) => (value.isWellFormed() ? encodeURIComponent(filled(value)) : filled(value));
  return it.pairs.map(([one, value]) => `${encoded(one)}=${encoded(value)}`).join(it.raw);
}
