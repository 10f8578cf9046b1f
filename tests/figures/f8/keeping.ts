import type { Mutant } from "./mutant";

const ANSWERS = "lib/journal/keep-answers.ts";
const JOURNAL = "tests/faults/journal.test.ts";
const VERIFY = "lib/audit/verify-chain.ts";
const CHAIN = "tests/connections/audit-chain.test.ts";
const CLOSED = "tests/connections/audit-closed.test.ts";
const TOLD = "insertEvent(tx, { kind, actor, merchantId: row.merchantId, connectionId: row.id, reason, facts })";

/** What was issued and what was done are still there afterwards. */
export const keeping: readonly Mutant[] = [
  {
    id: "answer-not-journaled",
    does: "what a platform issued is in no file before it is in the database",
    edits: [[ANSWERS, "await append(room.own, kept, room.slot, {", "if (!kept) await append(room.own, kept, room.slot, {"]],
    test: JOURNAL,
    only: "X-12",
  },
  {
    id: "called-without-room",
    does: "a call whose answer exists only once is made where there is no room to keep it",
    edits: [
      [
        ANSWERS,
        'throw new ProviderError("transient", "journal_full", { retryAfterS: REFUSED_RETRY_S });',
        "return REFUSED_RETRY_S ? null : null;",
      ],
    ],
    test: JOURNAL,
    only: "X-1[58]",
  },
  {
    id: "event-after-the-change",
    does: "a revocation is committed first and told afterwards",
    edits: [
      [
        "lib/connections/begin-revocation.ts",
        `await ${TOLD};`,
        `setImmediate(() => void transaction((later) => ${TOLD.replace("(tx", "(later")}).catch(() => undefined));`,
      ],
    ],
    test: CLOSED,
  },
  {
    id: "event-text-not-chained",
    does: "what an event says may be edited",
    edits: [
      [
        "lib/audit/chain.ts",
        'made("event", previous, seq, eventId, text ?? "")',
        'made("event", previous, seq, eventId, text === "" ? "" : "")',
      ],
    ],
    test: CHAIN,
  },
  {
    id: "chain-without-its-key",
    does: "whoever writes into the database can seal what he wrote",
    edits: [["lib/audit/chain.ts", "createSecretKey(bytes)", "createSecretKey(Buffer.alloc(32, bytes.length))"]],
    test: CHAIN,
  },
  {
    id: "end-cut-off",
    does: "an audit whose last events are gone is whole",
    edits: [
      [
        VERIFY,
        'return { wrong: "truncated", seq: head.seq + 1, eventId: null };\n}\n\nasync function wrongKept',
        "return null;\n}\n\nasync function wrongKept",
      ],
    ],
    test: CHAIN,
  },
  {
    id: "kept-head-not-asked",
    does: "a history that was written anew is whole, whatever head was kept elsewhere",
    edits: [
      [
        VERIFY,
        "for (const one of kept) fault ??= await wrongKept(db, anchor, head, one);",
        "for (const one of []) fault ??= await wrongKept(db, anchor, head, one);",
      ],
      [
        VERIFY,
        "if (kept.some(({ seq, hash }) => seq === place.seq && hash !== place.hash))",
        "if (kept.some(({ seq, hash }) => seq === place.seq && hash === null))",
      ],
    ],
    test: CHAIN,
  },
  {
    id: "changes-under-a-broken-audit",
    does: "a process whose audit cannot be believed goes on changing things",
    edits: [
      ["lib/audit/hold.ts", "refuseEvents(fault === null ? null : refuse);", "refuseEvents(fault === null ? null : () => undefined);"],
    ],
    test: CLOSED,
  },
];
