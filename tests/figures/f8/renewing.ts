import type { Mutant } from "./mutant";

const CLAIMS = "db/claims.ts";
const LEASE = "sql`(${connections.leaseUntil} is null or ${connections.leaseUntil} <= app_now())`,";
const DOUBT = "sql`(${connections.sentAt} is null or ${connections.sentAt} <= app_now() - make_interval(secs => ${doubtS}))`,";
const TROUBLE = "lib/providers/wire/oauth-trouble.ts";
const ONCE = "lib/connections/renew-once.ts";
const SETTLE = "lib/connections/settle-renewal.ts";
const FAULTS = "tests/connections/faults.test.ts";
const LIFE = "tests/providers/oauth2-life.test.ts";
const LATE = "tests/faults/renewals-late.test.ts";
const INCIDENTS = "tests/faults/incidents.test.ts";

export const renewing: readonly Mutant[] = [
  {
    id: "no-lease",
    does: "a claim does not ask whether somebody is at it",
    edits: [
      [CLAIMS, LEASE, "sql`true`,"],
      [CLAIMS, DOUBT, "sql`${doubtS}::int is not null`,"],
    ],
    test: FAULTS,
    only: "R-0",
  },
  {
    id: "endless-lease",
    does: "a lease whose holder died is never anybody else's",
    edits: [[CLAIMS, LEASE, "sql`${connections.leaseUntil} is null`,"]],
    test: "tests/faults/renewals-killed.test.ts",
    only: "R-06",
  },
  {
    id: "no-doubt",
    does: "what was sent and never settled is spent again at once",
    edits: [
      [
        CLAIMS,
        "sql`(${connections.sentAt} is null or ${connections.sentAt} <= app_now() - make_interval(secs => ${doubtS}))`,",
        "sql`${doubtS}::int is not null`,",
      ],
    ],
    test: FAULTS,
    only: "R-09",
  },
  {
    id: "no-fence",
    does: "who lost the lease settles as if it were still theirs",
    edits: [
      [
        CLAIMS,
        "and(eq(connections.id, id), eq(connections.leaseId, leaseId), eq(connections.epoch, epoch));",
        "and(eq(connections.id, id), sql`${leaseId}::text is not null and ${epoch}::int is not null`);",
      ],
    ],
    test: LATE,
    only: "R-05",
  },
  {
    id: "not-noted-before-it-is-sent",
    does: "a call that spends a grant is made before anybody could know of it",
    edits: [[ONCE, "if (once && !(await markSent(database(), row.id, leaseOf(row), row.epoch))) throw new LeaseLost();", ""]],
    test: FAULTS,
    only: "R-09",
  },
  {
    id: "late-answer-dropped",
    does: "what a fenced-out holder won is thrown away",
    edits: [[SETTLE, "await keepLate(tx, actor, row, issued, found);", ""]],
    test: LATE,
    only: "R-05",
  },
  {
    id: "kept-grant-not-tried",
    does: "a refusal is believed although a newer grant is kept",
    edits: [[SETTLE, "if (await promoteCandidate(tx, row, leaseOf(row))) return false;", ""]],
    test: LATE,
    only: "R-10",
  },
  {
    id: "old-renewal-deleted",
    does: "where an answer has no refresh token the one that is held is deleted",
    edits: [["lib/providers/oauth2.ts", "answer.refresh_token === undefined ? renewal : ", "answer.refresh_token === undefined ? null : "]],
    test: LIFE,
  },
  {
    id: "demoted-by-an-outage",
    does: "a 500 asks the owner to reconnect",
    edits: [[TROUBLE, 'return new ProviderError("transient", code);', 'return new ProviderError("reconnect", code);']],
    test: LIFE,
  },
  {
    id: "demoted-by-our-client",
    does: "a wrong client secret of ours asks the owner to reconnect",
    edits: [
      [
        TROUBLE,
        'if (OURS.has(error)) return new ProviderError("operator", error);',
        'if (OURS.has(error)) return new ProviderError("reconnect", error);',
      ],
    ],
    test: LIFE,
  },
  {
    id: "demoted-by-an-unknown-word",
    does: "any word that a platform refuses with asks the owner to reconnect",
    edits: [[TROUBLE, 'if (call === "refresh" && error === "invalid_grant")', 'if (call === "refresh")']],
    test: LIFE,
  },
  {
    id: "unclear-answer-spends-again",
    does: "an answer to a renewal that nobody can read is no doubt",
    edits: [[TROUBLE, 'if (call === "exchange" || (call === "refresh" && !refused))', 'if (call === "exchange")']],
    test: LIFE,
  },
  {
    id: "no-incident",
    does: "a platform that refuses our client is asked for every connection anew",
    edits: [["lib/connections/with-client.ts", "if (about && !incident) await noted(", "if (about && incident) await noted("]],
    test: INCIDENTS,
  },
  {
    id: "everybody-probes",
    does: "while our client is refused everybody tries whether it still is",
    edits: [
      [
        "lib/connections/with-client.ts",
        'throw new ProviderError("operator", PAUSED, {',
        'if (incident.waitS > 9e9) throw new ProviderError("operator", PAUSED, {',
      ],
    ],
    test: INCIDENTS,
  },
  {
    id: "asked-sooner-than-told",
    does: "a platform's Retry-After is not heeded",
    edits: [
      [
        "lib/connections/next-refresh.ts",
        "Math.ceil(Math.max(askedS, 2 + random() * ceiling))",
        "Math.ceil(Math.max(Math.min(askedS, 0), 2 + random() * ceiling))",
      ],
    ],
    test: "tests/unit/health.test.ts",
  },
  {
    id: "no-spread",
    does: "what ends at one moment is renewed at one moment",
    edits: [["lib/connections/next-refresh.ts", "const SPREAD = 0.1;", "const SPREAD = 0;"]],
    test: "tests/unit/health.test.ts",
  },
  {
    id: "another-account-believed",
    does: "access that turns out to be of another account passes a test",
    edits: [
      [
        "lib/connections/test-connection.ts",
        'return other ? new ProviderError("reconnect", "account_changed") : proof;',
        'return other && !row ? new ProviderError("reconnect", "account_changed") : proof;',
      ],
    ],
    test: "tests/faults/mix-ups.test.ts",
    only: "account",
  },
  {
    id: "stale-judgement",
    does: "a connection is given up for access that was replaced meanwhile",
    edits: [["lib/connections/demote.ts", "if (held.generation !== row.generation) {", "if (held.generation < row.generation) {"]],
    test: "tests/faults/notices.test.ts",
    only: "W-04",
  },
  {
    id: "pool-inside-a-transaction",
    does: "a statement inside a transaction may take a second connection",
    edits: [["db/client.ts", "if (!state.scope.getStore()?.open) return;", "if (state) return;"]],
    test: "tests/db/client.test.ts",
    only: "P-07",
  },
];
