import type { Mutant } from "./mutant";

const VAULT = "tests/unit/vault.test.ts";
const ADDRESS = "tests/unit/http-address.test.ts";
const ANSWER = "tests/unit/http-answer.test.ts";
const ORIGIN = "tests/unit/origin.test.ts";

export const walls: readonly Mutant[] = [
  {
    id: "no-place",
    does: "a sealed value opens in any row",
    edits: [
      ["lib/vault.ts", "cipher.setAAD(associated(key.id, place));", ""],
      ["lib/vault.ts", "decipher.setAAD(associated(keyId, place));", ""],
    ],
    test: VAULT,
  },
  {
    id: "short-tag",
    does: "four bytes of a tag are enough",
    edits: [["lib/vault.ts", "const TAG_BYTES = 16;", "const TAG_BYTES = 4;"]],
    test: VAULT,
  },
  {
    id: "constant-iv",
    does: "every value is sealed with one IV",
    edits: [["lib/vault.ts", "const iv = randomBytes(12);", "const iv = Buffer.alloc(12, randomBytes(1).length);"]],
    test: VAULT,
  },
  {
    id: "other-spelling",
    does: "many texts stand for one sealed value",
    edits: [["lib/vault.ts", "if (!exact || bytes.length", "if (bytes.length"]],
    test: VAULT,
  },
  {
    id: "redirects-followed",
    does: "a platform's redirect is followed",
    edits: [["lib/http.ts", 'redirect: "manual", dispatcher', 'redirect: "follow", dispatcher']],
    test: ANSWER,
  },
  {
    id: "endless-body",
    does: "an answer of any size is read",
    edits: [["lib/http.ts", 'if (size > maxBytes) throw new Error("body too large");', ""]],
    test: ANSWER,
  },
  {
    id: "names-not-judged",
    does: "the addresses that a name leads to are not looked at",
    edits: [
      [
        "lib/http.ts",
        "if (addresses.length === 0 || !addresses.every(({ address }) => reachable(address)))",
        "if (addresses.length === 0)",
      ],
    ],
    test: ADDRESS,
  },
  {
    id: "one-good-address-will-do",
    does: "a name with a private address among public ones is called",
    edits: [
      ["lib/http.ts", "!addresses.every(({ address }) => reachable(address))", "!addresses.some(({ address }) => reachable(address))"],
    ],
    test: ADDRESS,
  },
  {
    id: "mapped-addresses",
    does: "an IPv4 address written as IPv6 passes for a public one",
    edits: [
      ["lib/public-address.ts", "ipaddr.process(address)", "ipaddr.parse(address)"],
      [
        "lib/public-address.ts",
        'if (parsed.kind() === "ipv6" && !parsed.match(GLOBAL_V6, 3)) return false;',
        'if (range === "ipv4Mapped") return true;',
      ],
    ],
    test: ADDRESS,
  },
  {
    id: "metadata-host",
    does: "a cloud's own host, which hands out the machine's secrets, is called",
    edits: [["lib/public-address.ts", " && parsed.toString() !== AZURE_HOST", ""]],
    test: ADDRESS,
  },
  {
    id: "plain-http",
    does: "a platform is called without TLS",
    edits: [
      ["lib/http.ts", 'if (target.protocol !== "https:" && !(target.protocol === "http:" && local)) throw refused("url_not_allowed");', ""],
    ],
    test: ADDRESS,
  },
  {
    id: "name-and-password-in-an-address",
    does: "an address may carry a name and a password",
    edits: [["lib/http.ts", "if (!target || target.username || target.password || target.hash)", "if (!target || target.hash)"]],
    test: ADDRESS,
  },
  {
    id: "no-origin-needed",
    does: "a form without an Origin is taken",
    edits: [
      [
        "lib/auth/origin.ts",
        'return request.get("sec-fetch-site") === "same-origin";',
        'return request.get("sec-fetch-site") !== "cross-site";',
      ],
    ],
    test: ORIGIN,
  },
  {
    id: "origin-by-host",
    does: "a form's Origin is compared with the Host that the request names",
    edits: [
      [
        "lib/auth/origin.ts",
        "return origin === new URL(env().LATCHKEY_URL).origin;",
        'return origin === new URL(env().LATCHKEY_URL).origin || origin === `https://${request.get("host")}`;',
      ],
    ],
    test: ORIGIN,
  },
  {
    id: "open-return-path",
    does: "a sign-in leads to wherever its address says",
    edits: [
      [
        "lib/auth/return-path.ts",
        "asked.length > 2_000) return fallback;",
        "asked.length > 2_000) return fallback;\n  if (asked.length > 0) return asked;",
      ],
    ],
    test: "tests/unit/return-path.test.ts",
  },
  {
    id: "policy-without-nonce",
    does: "a page runs any script that stands in it",
    edits: [["proxy.ts", "`script-src 'self' 'nonce-${nonce}' 'strict-dynamic'", "`script-src 'self' 'unsafe-inline'"]],
    test: "tests/unit/proxy.test.ts",
  },
  {
    id: "address-of-anybody",
    does: "the address that a client writes of itself is believed",
    edits: [["lib/client-address.ts", ".at(-proxies)", ".at(0)"]],
    test: "tests/unit/client-address.test.ts",
  },
];
