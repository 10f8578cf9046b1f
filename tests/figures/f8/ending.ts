import type { Mutant } from "./mutant";

const TELL = "lib/connections/tell-platform.ts";
const FAULTS = "tests/connections/faults.test.ts";
const NOTICES = "tests/faults/notices.test.ts";
const NOTICE = "lib/providers/wire/square-notice.ts";

export const ending: readonly Mutant[] = [
  {
    id: "unconfirmed-is-done",
    does: "a revocation that the platform did not confirm is erased as if it had",
    edits: [[TELL, "await postpone(row, leaseId, trouble);", 'await erase(row, "remote", told);']],
    test: FAULTS,
    only: "V-0",
  },
  {
    id: "no-outbox",
    does: "a revocation that the platform did not hear of is not told again",
    edits: [
      [
        "lib/jobs/revoking.ts",
        'await each("revoke", await dueRevocations(database(), BATCH), round, (id) => tellPlatform(id, round.open, true));',
        "",
      ],
    ],
    test: FAULTS,
    only: "V-0",
  },
  {
    id: "secrets-kept-after-the-end",
    does: "a revoked connection keeps its secrets",
    edits: [["db/revocations.ts", "access: null,\n      renewal: null,\n", ""]],
    test: FAULTS,
    only: "V-0",
  },
  {
    id: "late-renewal-of-a-revoked-one",
    does: "what a renewal brings after a revocation began is not ended",
    edits: [
      ["lib/connections/renew-once.ts", "if (!settled) await endLeftGrants(row.id, open);", ""],
      [
        "lib/jobs/revoking.ts",
        'await each("end_left", await leftGrants(database(), BATCH), round, (id) => endLeftGrants(id, round.open));',
        "",
      ],
      [
        TELL,
        "...candidates.flatMap((candidate) => readable(() => openCandidate(candidate, row)))",
        "...candidates.flatMap((candidate) => (candidate.id ? [] : readable(() => openCandidate(candidate, row))))",
      ],
    ],
    test: FAULTS,
    only: "V-06",
  },
  {
    id: "siblings-ended-too",
    does: "what was asked for one connection ends another live one at the platform",
    edits: [
      [TELL, 'if (!revocation.endsSiblings || !(await othersLive(row))) return "authorization";', 'if (row) return "authorization";'],
    ],
    test: "tests/connections/hardening.test.ts",
  },
  {
    id: "no-reason",
    does: "staff end a merchant's connection without saying why",
    edits: [["lib/connections/revoke.ts", 'if (!merchant && !reason) throw new AppError("reason_needed", 422);', ""]],
    test: "tests/connections/life.test.ts",
  },
  {
    id: "unsigned-notice",
    does: "whoever sends a notice is believed",
    edits: [[NOTICE, "if (!equal || body.length === 0)", "if (body.length === 0)"]],
    test: "tests/http/webhooks.test.ts",
  },
  {
    id: "notice-compared-as-parsed",
    does: "a notice's signature is compared over its parsed text, not over its bytes",
    edits: [
      [NOTICE, ".update(url).update(body).digest", ".update(url).update(JSON.stringify(parse(Buffer.from(body).toString()))).digest"],
    ],
    test: NOTICES,
    only: "W-01",
  },
  {
    id: "old-notice-ends-a-new-grant",
    does: "a notice of before a consent ends what that consent brought",
    edits: [
      [
        "lib/connections/take-notice.ts",
        'if (order === "older") return { outcome: "older" };',
        'if (order === "older" && !row) return { outcome: "older" };',
      ],
    ],
    test: NOTICES,
    only: "W-02",
  },
  {
    id: "ancient-notice",
    does: "a notice of any age is kept",
    edits: [["db/notices.ts", 'where not ("full" or old)', 'where not "full"']],
    test: NOTICES,
    only: "W-0[12]",
  },
  {
    id: "endless-notice",
    does: "a notice of any size is read",
    edits: [
      [
        "lib/connections/receive-notice.ts",
        'Number(headers.get("content-length") ?? 0) > MOST_BYTES ? null : await readBounded(body)',
        "await readBounded(body)",
      ],
      ["lib/connections/receive-notice.ts", "if (size > MOST_BYTES) return null;", ""],
    ],
    test: "tests/http/webhooks.test.ts",
  },
  {
    id: "run-of-one-who-may-not",
    does: "a bulk run goes on for somebody who may not any more",
    edits: [
      [
        "lib/bulk/may.ts",
        "const actor = person && actorOf(person);",
        'const actor = actorOf(person ?? { id: byId, name: null, email: "", role: "support" });',
      ],
    ],
    test: "tests/connections/bulk.test.ts",
  },
  {
    id: "ended-without-a-fresh-sign-in",
    does: "many are ended by whoever finds a browser that was left open",
    edits: [
      [
        "lib/bulk/is-fresh.ts",
        "signedInRecently(actor, await readClock(database()))",
        "signedInRecently(actor, await readClock(database())) || true",
      ],
    ],
    test: "tests/connections/bulk.test.ts",
  },
];
