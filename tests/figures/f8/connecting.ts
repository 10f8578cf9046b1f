import type { Mutant } from "./mutant";

const RECEIVE = "lib/connections/receive-answer.ts";
const REFUSALS = "tests/connections/refusals.test.ts";
const CALLBACK = "tests/http/callback.test.ts";
const START = "tests/http/start.test.ts";
const FAULTS = "tests/connections/faults.test.ts";

export const connecting: readonly Mutant[] = [
  {
    id: "state-of-any-attempt",
    does: "the state that comes back is not compared: whatever attempt is open is taken",
    edits: [["db/attempts.ts", ".where(eq(attempts.stateHash, stateHash));", '.where(eq(attempts.status, "open"));']],
    test: REFUSALS,
  },
  {
    id: "state-accepted-twice",
    does: "an attempt takes an answer however often one comes",
    edits: [
      [RECEIVE, 'if (attempt.status !== "open") return result;', ""],
      [
        "db/attempts.ts",
        'const stillOpen = (id: string) => and(eq(attempts.id, id), eq(attempts.status, "open"), ',
        "const stillOpen = (id: string) => and(eq(attempts.id, id), ",
      ],
    ],
    test: CALLBACK,
  },
  {
    id: "no-browser-binding",
    does: "an answer is taken from any browser, not from the one that began",
    edits: [[RECEIVE, 'if (secret === undefined || sha256(secret) !== attempt.browserHash) return stranger("browser");', ""]],
    test: REFUSALS,
  },
  {
    id: "no-person-binding",
    does: "an answer is taken from whoever is signed in in that browser",
    edits: [[RECEIVE, 'if (actor && !mayContinue(actor, attempt)) return stranger("person");', ""]],
    test: CALLBACK,
  },
  {
    id: "left-the-merchant",
    does: "who left a merchant goes on with what they began for it",
    edits: [
      [
        "lib/connections/own-attempt.ts",
        'return actor.merchants.some(({ id }) => id === attempt.merchantId) || reach(actor, "connection.import") === "any";',
        'return reach(actor, "connection.import") !== undefined;',
      ],
    ],
    test: "tests/connections/hardening.test.ts",
  },
  {
    id: "shared-callback-path",
    does: "a platform's answer is taken at another platform's address",
    edits: [[RECEIVE, 'if (attempt.offer !== slug) return stranger("state");', ""]],
    test: REFUSALS,
    only: "S-09",
  },
  {
    id: "issuer-ignored",
    does: "the issuer that an answer names is not compared",
    edits: [["lib/providers/oauth2.ts", '...(issuer === null ? [] : ["iss"])', "...(issuer === null ? [] : [])"]],
    test: REFUSALS,
  },
  {
    id: "late-answer-taken",
    does: "an attempt's ten minutes are not asked for",
    edits: [
      [RECEIVE, "if (attempt.expired) {", "if (attempt.id === slug) {"],
      ["db/attempts.ts", 'eq(attempts.status, "open"), sql`${attempts.expiresAt} > app_now()`);', 'eq(attempts.status, "open"));'],
    ],
    test: REFUSALS,
  },
  {
    id: "edited-platform",
    does: "a code goes to a platform that was edited after its consent began",
    edits: [
      [RECEIVE, " || offer.fingerprint !== attempt.offerFingerprint) {", ") {"],
      ["lib/connections/exchange.ts", " || offer.fingerprint !== attempt.offerFingerprint) throw", ") throw"],
    ],
    test: REFUSALS,
  },
  {
    id: "repeated-parameters",
    does: "a parameter of a callback may come twice",
    edits: [[RECEIVE, "if (seen.has(plain) || plain !== name) return null;", ""]],
    test: REFUSALS,
    only: "S-16",
  },
  {
    id: "code-on-a-page",
    does: "the callback leads to an address that still has the code",
    edits: [
      [
        "app/api/oauth/[provider]/callback/route.ts",
        "`${env().LATCHKEY_URL}${path}`",
        "`${env().LATCHKEY_URL}${path}${request.nextUrl.search}`",
      ],
    ],
    test: CALLBACK,
  },
  {
    id: "head-spends",
    does: "a scanner's HEAD is answered as the browser's GET",
    edits: [
      [
        "app/api/oauth/[provider]/callback/route.ts",
        "export async function HEAD(): Promise<Response> {",
        "export const HEAD = GET;\nexport async function unused(): Promise<Response> {",
      ],
    ],
    test: CALLBACK,
  },
  {
    id: "referrer-told",
    does: "the pages at addresses with a code in them tell where their reader came from",
    edits: [["app/api/oauth/answer-page.ts", '"referrer-policy": "no-referrer"', '"referrer-policy": "unsafe-url"']],
    test: START,
  },
  {
    id: "flow-cookie-for-scripts",
    does: "a page's script can read the cookie that binds an attempt to its browser",
    edits: [["lib/connections/browser-secret.ts", "`Path=/; HttpOnly; SameSite=Lax", "`Path=/; SameSite=Lax"]],
    test: START,
  },
  {
    id: "verifier-told",
    does: "the verifier itself is sent through the browser in place of its hash",
    edits: [["lib/connections/begin-consent.ts", "challenge: verifier === null ? null : sha256(verifier)", "challenge: verifier"]],
    test: REFUSALS,
  },
  {
    id: "code-sent-twice",
    does: "a code that was sent is sent again by whoever comes next",
    edits: [
      [
        "db/attempts.ts",
        "isNull(attempts.sentAt),\n        sql`(${attempts.leaseUntil} is null or ${attempts.leaseUntil} <= app_now())`,",
        "",
      ],
    ],
    test: REFUSALS,
  },
  {
    id: "code-again-after-doubt",
    does: "a code whose outcome is in doubt is sent again",
    edits: [
      [
        "lib/connections/exchange.ts",
        'failure.trouble === "transient" && attempt.tries',
        '(failure.trouble === "transient" || failure.trouble === "doubt") && attempt.tries',
      ],
    ],
    test: "tests/faults/exchange.test.ts",
    only: "X-0[34]",
  },
  {
    id: "other-account-taken",
    does: "a reconnect takes whatever account came back",
    edits: [
      [
        "lib/connections/activate.ts",
        "if (target && (target.accountId ?? account.id) !== (account.id ?? target.accountId))",
        "if (target && row.id === attempt.id)",
      ],
    ],
    test: FAULTS,
    only: "C-10|M15",
  },
  {
    id: "account-of-two-merchants",
    does: "an account that another merchant connected is taken from them",
    edits: [["lib/connections/activate.ts", "if (holder && holder.merchantId !== row.merchantId)", "if (holder && row.id === attempt.id)"]],
    test: FAULTS,
    only: "X-21",
  },
  {
    id: "older-attempt-goes-on",
    does: "an older attempt at the same connection is not replaced by the newer one",
    edits: [
      [
        "lib/connections/begin-consent.ts",
        "target ? await replaceAttempts(tx, target.id, id) : []",
        "target && !id ? await replaceAttempts(tx, target.id, id) : []",
      ],
    ],
    test: REFUSALS,
    only: "M19",
  },
];
