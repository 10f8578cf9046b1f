import type { Mutant } from "./mutant";

const READ = "db/access.ts";
const PERMISSIONS = "lib/auth/permissions.ts";
const TABLE = "tests/unit/permissions.test.ts";
const ACCESS = "tests/api/access.test.ts";
const REFUSED = "tests/api/keys-refused.test.ts";
const PROXY = "tests/api/proxy.test.ts";
const OURS = "lib/proxy/request-headers.ts";

export const serving: readonly Mutant[] = [
  {
    id: "served-from-memory",
    does: "access is handed out as it was once read, also after a revocation",
    edits: [
      [READ, 'const BY_ID = statement("id");', 'const BY_ID = statement("id");\nconst kept = new Map<string, string>();'],
      [
        READ,
        "return row ? named(JSON.parse(row.found) as unknown[]) : null;",
        "if (row && !kept.has(connectionId)) kept.set(connectionId, row.found);\n  return row ? named(JSON.parse(kept.get(connectionId) ?? row.found) as unknown[]) : null;",
      ],
    ],
    test: ACCESS,
  },
  {
    id: "revoked-key",
    does: "a revoked key is still served",
    edits: [[READ, "k.revoked_at is null and (k.expires_at", "(k.expires_at"]],
    test: ACCESS,
  },
  {
    id: "expired-key",
    does: "a key that has run out is still served",
    edits: [[READ, " and (k.expires_at is null or k.expires_at > clock.now)`", "`"]],
    test: ACCESS,
  },
  {
    id: "expired-access",
    does: "access that has run out is handed out",
    edits: [["lib/connections/access-wish.ts", "return leftS > 0 && leftS >= least;", "return leftS >= least || leftS <= 0;"]],
    test: ACCESS,
  },
  {
    id: "refused-access",
    does: "access that the platform refused is handed out again",
    edits: [["lib/connections/access-wish.ts", "|| generation === rejected) return false;", ") return false;"]],
    test: "tests/api/access-rejected.test.ts",
  },
  {
    id: "paused-caller",
    does: "a program that the store's owner paused is served",
    edits: [
      ["lib/connections/access-reading.ts", "|| !row.connected || row.paused ||", "|| !row.connected ||"],
      ["lib/connections/access-reading.ts", 'if (row.paused) throw new AppError("caller_paused", 403);', ""],
    ],
    test: ACCESS,
  },
  {
    id: "kept-by-caches",
    does: "an answer with access in it may be kept by whoever stands between",
    edits: [["lib/api/access-fresh.ts", '"cache-control": "no-store"', '"cache-control": "private"']],
    test: ACCESS,
  },
  {
    id: "key-without-scope",
    does: "a key may what its scopes do not say",
    edits: [[PERMISSIONS, 'if (row.key === null || !actor.scopes.includes(row.key)) return "no";', 'if (row.key === null) return "no";']],
    test: TABLE,
  },
  {
    id: "key-of-every-merchant",
    does: "a key for some merchants sees the others'",
    edits: [
      [
        PERMISSIONS,
        "const ours = actor.merchantIds === null || actor.merchantIds.includes(merchantId);",
        "const ours = merchantId !== undefined;",
      ],
    ],
    test: TABLE,
  },
  {
    id: "key-of-every-platform",
    does: "a key for some platforms sees the others'",
    edits: [
      [
        PERMISSIONS,
        "return ours && (actor.offers === null || offer === undefined || actor.offers.includes(offer));",
        "return ours && offer !== null;",
      ],
    ],
    test: TABLE,
  },
  {
    id: "merchant-of-everybody",
    does: "a merchant may with everybody's connections what they may with their own",
    edits: [
      [PERMISSIONS, "if (!actor.merchants.some((merchant) => merchant.id === merchantId)) return false;", "if (!merchantId) return false;"],
    ],
    test: TABLE,
  },
  {
    id: "link-of-its-merchant",
    does: "a link shows what else its merchant has",
    edits: [[PERMISSIONS, "return id === undefined || id === actor.connectionId || id === actor.resultId;", "return id !== null;"]],
    test: TABLE,
  },
  {
    id: "foreign-looks-different",
    does: "what is another merchant's is told from what is not there",
    edits: [[PERMISSIONS, "throw foreign ? notFound() : forbidden();", "throw forbidden();"]],
    test: TABLE,
  },
  {
    id: "key-in-an-address",
    does: "a key that comes in an address is taken",
    edits: [["lib/api/key-in-address.ts", 'throw new AppError("key_in_address", 400);', ""]],
    test: REFUSED,
  },
  {
    id: "keys-guessed",
    does: "keys that are not good may be tried as often as somebody likes",
    edits: [
      [
        "lib/keys/refuse-key.ts",
        "return first ? tooMany(first.leftS) : unknown();",
        "return first && first.n < 0 ? tooMany(first.leftS) : unknown();",
      ],
    ],
    test: REFUSED,
  },
  {
    id: "no-rate-limit",
    does: "a key may ask as often as it likes",
    edits: [["lib/api/identify.ts", "if (budget.refused) context.res", "if (budget.refused && !key) context.res"]],
    test: "tests/api/rate-limits.test.ts",
  },
  {
    id: "key-file-untold",
    does: "a key file is handed out and nobody can see that it was",
    edits: [
      [
        "lib/connections/access-credentials.ts",
        'await transaction((tx) => insertEvent(tx, { kind: "connection.credentials_read", actor, merchantId, connectionId: id }));',
        'if (!merchantId) await transaction((tx) => insertEvent(tx, { kind: "connection.credentials_read", actor, merchantId, connectionId: id }));',
      ],
    ],
    test: "tests/api/access-ways.test.ts",
  },
  {
    id: "proxied-anywhere",
    does: "a passed call's path may lead out of the platform's API",
    edits: [
      ["lib/proxy/target.ts", 'if (!isPlain(path)) throw new AppError("bad_path", 400);', ""],
      ["lib/proxy/target.ts", "if (!same || target.username", "if ((!same && !isPlain(path) && !path) || target.username"],
    ],
    test: PROXY,
  },
  {
    id: "cookies-passed-on",
    does: "a platform gets the cookies that its caller has with us",
    edits: [[OURS, '  "cookie",\n', ""]],
    test: PROXY,
  },
  {
    id: "platform-cookies-passed-on",
    does: "a caller gets the cookies of a session that is not theirs",
    edits: [["lib/proxy/answer-headers.ts", '  "set-cookie",\n', ""]],
    test: PROXY,
  },
  {
    id: "redirect-to-ourselves",
    does: "a platform leads a caller, with its key, back to us",
    edits: [
      [
        "lib/proxy/answer-headers.ts",
        "return ourHosts.includes(next.host) ? null : next.href;",
        "return ourHosts.includes(next.href) ? null : next.href;",
      ],
    ],
    test: PROXY,
  },
];
