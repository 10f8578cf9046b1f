import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { keyCall, type Slug, tokenCall } from "./tampered";
import type { WireAnswer } from "./wire";

/** What is done to one call of one platform, as plain data, so that a failure can be printed and repeated. */
export type TokenCase = {
  target: string;
  members: readonly Change[];
  whole: Whole;
  status: number;
  headers: readonly (readonly [string, string])[];
  encoding: "none" | "gzip" | "deflate" | "br" | "called gzip";
  framing: "length" | "chunked" | "close";
  /** The share of the body that arrives; null: all of it. */
  cut: number | null;
};

type Change =
  | { kind: "drop"; at: number }
  | { kind: "capitals"; at: number }
  | { kind: "soil"; at: number }
  | { kind: "retype"; at: number; value: string }
  | { kind: "twice"; at: number; value: string }
  | { kind: "extra"; name: string; value: string };
type Whole = { kind: string; text: string };

/** The calls that are tampered with; proofs are asked with the tokens that came before. */
export const targets: Record<string, { slug: Slug; call: RegExp }> = {
  noon: { slug: "noon", call: tokenCall.noon },
  "noon's key": { slug: "noon", call: keyCall },
  "noon's login": { slug: "noon", call: /\/public\/v1\/api\/login$/ },
  norce: { slug: "norce", call: tokenCall.norce },
  "norce's application": { slug: "norce", call: /GetApplication$/ },
  ultracart: { slug: "ultracart", call: tokenCall.ultracart },
  "ultracart's objects": { slug: "ultracart", call: /\/item\/items$/ },
  square: { slug: "square", call: tokenCall.square },
  "square's status": { slug: "square", call: /token\/status$/ },
  "square's merchant": { slug: "square", call: /\/v2\/merchants\// },
  oauth2: { slug: "oauth2", call: tokenCall.oauth2 },
  "oauth2's introspection": { slug: "oauth2", call: /^\/introspect$/ },
};

const odd = [
  ...["null", "true", "false", "0", "-1", "1e309", "-0", "3600", '"3600"', '""', '" "', "[]", "{}", '"\\u0000"', '"\\ud800"', '"bearer"'],
  ...['"Bearer"', '"TOKEN_TYPE_BEARER"', '"mac"', '"OK"', '"invalid_grant"', '"invalid_client"', '"server_error"', '"access_denied"'],
  ...[
    '{"toString":1,"valueOf":1}',
    '{"__proto__":{"a":1}}',
    '["a","b"]',
    '[{"code":"UNAUTHORIZED","field":"x"}]',
    '{"status_code":"UNKNOWN"}',
  ],
  ...[
    '"2026-02-31T00:00:00Z"',
    '"9999-12-31T23:59:59Z"',
    '"متجر\\u202e"',
    '"a b,c;d"',
    '"\\u001b[2J\\r\\nset-cookie: a=b"',
    '"<script>alert(1)</script>"',
  ],
  `"${"x".repeat(20_000)}"`,
  `${"[".repeat(5_000)}${"]".repeat(5_000)}`,
];
const names = [
  ...[
    "access_token",
    "refresh_token",
    "token_type",
    "expires_in",
    "expires_at",
    "scope",
    "scopes",
    "id_token",
    "error",
    "error_description",
  ],
  ...["error_uri", "errors", "status", "status_code", "status_id", "message", "type", "success", "merchant_id", "project_code", "result"],
  ...[
    "private_key",
    "key_id",
    "short_lived",
    "active",
    "sub",
    "exp",
    "client_id",
    "Id",
    "__proto__",
    "constructor",
    "toString",
    "then",
    "toJSON",
  ],
];
const statuses = [
  100, 101, 199, 201, 202, 204, 205, 206, 226, 299, 300, 301, 302, 304, 307, 308, 400, 401, 402, 403, 404, 405, 407, 408, 409,
];
const more = [410, 413, 415, 418, 421, 422, 425, 429, 431, 451, 499, 500, 501, 502, 503, 504, 507, 511, 520, 599, 600, 777, 999];

const value = fc.oneof({ arbitrary: fc.constantFrom(...odd), weight: 3 }, { arbitrary: fc.json({ maxDepth: 3 }), weight: 1 });
const at = fc.nat({ max: 12 });
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ kind: fc.constant("drop" as const), at }),
  fc.record({ kind: fc.constant("capitals" as const), at }),
  fc.record({ kind: fc.constant("soil" as const), at }),
  fc.record({ kind: fc.constant("retype" as const), at, value }),
  fc.record({ kind: fc.constant("retype" as const), at, value }),
  fc.record({ kind: fc.constant("twice" as const), at, value }),
  fc.record({ kind: fc.constant("extra" as const), name: fc.oneof(fc.constantFrom(...names), fc.string({ maxLength: 12 })), value }),
  fc.record({ kind: fc.constant("extra" as const), name: fc.constantFrom(...names), value }),
);
const whole: fc.Arbitrary<Whole> = fc.oneof(
  { arbitrary: fc.constant({ kind: "as it is", text: "" }), weight: 30 },
  {
    arbitrary: fc.record({
      kind: fc.constantFrom("array", "in data", "bom", "twice", "utf-16", "latin-1", "in a string", "form"),
      text: fc.constant(""),
    }),
    weight: 2,
  },
  {
    arbitrary: fc.record({ kind: fc.constantFrom("before", "behind", "instead"), text: fc.string({ unit: "binary", maxLength: 60 }) }),
    weight: 2,
  },
  { arbitrary: fc.record({ kind: fc.constant("instead"), text: fc.json() }), weight: 1 },
  { arbitrary: fc.record({ kind: fc.constant("bytes"), text: fc.base64String({ maxLength: 200 }) }), weight: 1 },
  { arbitrary: fc.record({ kind: fc.constant("padded to"), text: fc.constantFrom("65535", "65536", "65537", "200000") }), weight: 1 },
);
const printable = fc.stringMatching(/^[ -~]{0,40}$/);
const header: fc.Arbitrary<[string, string]> = fc.oneof(
  fc.tuple(
    fc.constant("retry-after"),
    fc.oneof(fc.constantFrom("0", "1", "30", "-5", "1e9", "99999999999999999999", "soon", "Sat, 21 Nov 2026 09:00:00 GMT"), printable),
  ),
  fc.tuple(
    fc.constant("www-authenticate"),
    fc.oneof(
      fc.constantFrom("Basic", 'Bearer error="invalid_token"', 'Bearer error="a', "Bearer =,=,", ",,,", 'DPoP algs="x", Basic realm="\\"'),
      printable,
    ),
  ),
  fc.tuple(fc.constantFrom("uc-rest-error", "uc-rest-error-merchant-id", "location", "date", "link", "x-note"), printable),
  fc.tuple(
    fc.constant("set-cookie"),
    fc.oneof(
      fc.constantFrom(
        "_npsid=CNRY-x; Max-Age=1e99",
        "a=b; Max-Age=-1",
        "=x",
        "a=; Expires=never",
        "a=b; expires=Thu, 01 Jan 1970 00:00:00 GMT",
      ),
      printable,
    ),
  ),
);
const contentType = fc.constantFrom(
  "application/json",
  "application/json",
  "text/html; charset=utf-8",
  "text/plain",
  "application/json; charset=utf-16",
  "",
  "*/*;;=",
);

/** Every platform as often as the next, though one has two such calls. */
const twice = ["norce", "ultracart", "square", "oauth2"] as const;

export const tokenCase: fc.Arbitrary<TokenCase> = fc.record({
  target: fc.oneof(
    { arbitrary: fc.constantFrom("noon", "noon's key", ...twice, ...twice), weight: 6 },
    { arbitrary: fc.constantFrom(...Object.keys(targets)), weight: 2 },
  ),
  members: fc.array(change, { maxLength: 4 }),
  whole,
  status: fc.oneof({ arbitrary: fc.constant(200), weight: 9 }, { arbitrary: fc.constantFrom(...statuses, ...more), weight: 2 }),
  headers: fc.tuple(contentType, fc.array(header, { maxLength: 2 })).map(([type, rest]) => [["content-type", type] as const, ...rest]),
  encoding: fc.oneof(
    { arbitrary: fc.constant("none" as const), weight: 8 },
    { arbitrary: fc.constantFrom("gzip" as const, "deflate" as const, "br" as const, "called gzip" as const), weight: 1 },
  ),
  framing: fc.constantFrom("length", "chunked", "close"),
  cut: fc.oneof({ arbitrary: fc.constant(null), weight: 19 }, { arbitrary: fc.double({ min: 0, max: 1, noNaN: true }), weight: 1 }),
});

/** What arrives when the platform said `said`. */
export function answerOf(it: TokenCase, said: string): WireAnswer {
  const body = wrapped(it.whole, changed(said, it.members));
  const packed =
    it.encoding === "gzip"
      ? gzipSync(body)
      : it.encoding === "deflate"
        ? deflateSync(body)
        : it.encoding === "br"
          ? brotliCompressSync(body)
          : body;
  const encoding = it.encoding === "none" ? [] : [["content-encoding", it.encoding.replace("called ", "")] as const];
  const cut = it.cut === null ? undefined : Math.floor(it.cut * packed.length);
  return { body: packed, status: it.status, headers: [...it.headers, ...encoding], framing: it.framing, cut };
}

function changed(said: string, members: readonly Change[]): string {
  const body = parsed(said);
  if (body === null) return said;
  let list = Object.entries(body).map(([name, one]): [string, string] => [name, JSON.stringify(one)]);
  for (const it of members) {
    if (it.kind === "extra") {
      list.push([it.name, it.value]);
      continue;
    }
    const index = it.at % Math.max(1, list.length);
    const [name, one] = list[index] ?? ["nothing", "null"];
    if (it.kind === "retype") list[index] = [name, it.value];
    else if (it.kind === "twice") list.push([name, it.value]);
    else if (it.kind === "soil") list[index] = [name, soiled(one)];
    else if (it.kind === "capitals") list[index] = [name.toUpperCase(), one];
    else list = list.filter((_, place) => place !== index);
  }
  return `{${list.map(([name, one]) => `${JSON.stringify(name)}:${one}`).join(",")}}`;
}

/** Every text in it ends in what no page may show. */
function soiled(json: string): string {
  if (json.length > 5_000) return json;
  return JSON.stringify(JSON.parse(json), (_, one) => (typeof one === "string" ? `${one}\u202e\u0007` : one));
}

function parsed(said: string): object | null {
  try {
    const body: unknown = JSON.parse(said);
    return typeof body === "object" && body !== null ? body : null;
  } catch {
    return null;
  }
}

function wrapped({ kind, text }: Whole, body: string): Buffer {
  switch (kind) {
    case "array":
      return Buffer.from(`[${body}]`);
    case "in data":
      return Buffer.from(`{"data":${body}}`);
    case "bom":
      return Buffer.from(`\uFEFF${body}`);
    case "twice":
      return Buffer.from(`${body}${body}`);
    case "utf-16":
      return Buffer.from(body, "utf16le");
    case "latin-1":
      return Buffer.from(body, "latin1");
    case "in a string":
      return Buffer.from(JSON.stringify(body));
    case "form":
      return Buffer.from(new URLSearchParams({ access_token: body.slice(0, 2_000), token_type: "bearer" }).toString());
    case "before":
      return Buffer.from(text + body);
    case "behind":
      return Buffer.from(body + text);
    case "instead":
      return Buffer.from(text);
    case "bytes":
      return Buffer.from(text, "base64");
    case "padded to":
      return Buffer.from(body.padEnd(Number(text)));
    default:
      return Buffer.from(body);
  }
}
