import type { Mutant } from "./mutant";

const PEOPLE = "tests/auth/people.test.ts";

/** A verb that does not ask whether its actor may. */
const verb = (id: string, file: string, check: string, does: string, test: string, only?: string): Mutant => ({
  id: `unasked-${id}`,
  does,
  edits: [[file, check, ""]],
  test,
  ...(only && { only }),
});

export const unasked: readonly Mutant[] = [
  verb(
    "connect",
    "lib/connections/connect-target.ts",
    'authorize(actor, "connection.connect", { merchantId, offer: offer.slug });',
    "anybody connects a store for anybody",
    "tests/connections/faults.test.ts",
    "not theirs",
  ),
  verb(
    "connection",
    "lib/connections/renew.ts",
    "authorize(actor, operation, row);",
    "anybody sees, tests and renews anybody's connection",
    "tests/connections/life.test.ts",
  ),
  verb(
    "revoke",
    "lib/connections/revoke.ts",
    'authorize(actor, merchant ? "connection.disconnect" : "connection.revoke", row);',
    "anybody ends anybody's connection",
    "tests/connections/life.test.ts",
  ),
  {
    id: "unasked-finish",
    does: "anybody finishes what somebody else began",
    edits: [["lib/connections/exchange.ts", "await ownAttempt(actor, attemptId)", "await findAttempt(database(), attemptId)"]],
    test: "tests/faults/consents.test.ts",
    only: "C-08",
  },
  {
    id: "unasked-import",
    does: "anybody brings a grant",
    edits: [
      ["lib/connections/import-grant.ts", 'authorize(actor, "connection.import");', ""],
      ["lib/connections/import-grant.ts", 'authorize(actor, "connection.import", { merchantId, offer: slug });', ""],
    ],
    test: "tests/connections/faults.test.ts",
    only: "only an admin brings grants",
  },
  verb(
    "search",
    "lib/connections/search.ts",
    'authorize(actor, "support.search");',
    "anybody looks through everybody's connections",
    "tests/connections/list.test.ts",
  ),
  verb(
    "export",
    "lib/connections/export-list.ts",
    'authorize(actor, "support.search");',
    "anybody takes the list along",
    "tests/connections/list-file.test.ts",
  ),
  verb(
    "bulk",
    "lib/bulk/start-run.ts",
    'authorize(actor, "bulk.run");\n  authorize(actor, operationOf[act]);',
    "anybody ends many",
    "tests/connections/bulk.test.ts",
  ),
  verb(
    "link",
    "lib/links/create-link.ts",
    'authorize(actor, "link.create");',
    "anybody makes a link into a merchant",
    "tests/connections/verbs-refused.test.ts",
  ),
  {
    id: "unasked-health",
    does: "anybody reads the health report",
    edits: [
      ["lib/health/health-report.ts", 'authorize(actor, "health.read");', ""],
      ["lib/health/worker-health.ts", 'authorize(actor, "health.read");', ""],
    ],
    test: "tests/connections/verbs-refused.test.ts",
  },
  verb("audit", "lib/audit/show-audit.ts", 'authorize(actor, "audit.read");', "anybody reads the audit", "tests/connections/audit.test.ts"),
  verb("role", "lib/people/change-role.ts", 'authorize(actor, "people.manage");', "anybody gives themselves a role", PEOPLE),
  verb("disable", "lib/people/set-person-disabled.ts", 'authorize(actor, "people.manage");', "anybody locks others out", PEOPLE),
  verb("invite", "lib/people/invite-person.ts", 'authorize(actor, "people.manage");', "anybody lets others in", PEOPLE),
  verb(
    "key",
    "lib/keys/create-key.ts",
    'authorize(actor, "keys.manage");',
    "anybody makes a key",
    "tests/connections/verbs-refused.test.ts",
  ),
  verb(
    "end-key",
    "lib/keys/end-key.ts",
    'authorize(actor, "keys.manage");',
    "anybody ends a key",
    "tests/connections/verbs-refused.test.ts",
  ),
  {
    id: "unasked-offer",
    does: "anybody publishes a platform",
    edits: [
      [
        "lib/offers/publish-offer.ts",
        'unproved = false): Promise<void> {\n  authorize(actor, "providers.manage");',
        "unproved = false): Promise<void> {",
      ],
    ],
    test: "tests/connections/verbs-refused.test.ts",
  },
  verb(
    "destination",
    "lib/alerts/add-destination.ts",
    'authorize(actor, "alerts.manage");',
    "anybody has alerts sent to themselves",
    "tests/alerts/destinations.test.ts",
  ),
  verb(
    "pause",
    "lib/offers/pause-offer.ts",
    'authorize(actor, "providers.manage");\n  findOffer(slug);',
    "anybody holds a platform's renewals back",
    "tests/connections/held-offers.test.ts",
  ),
];
