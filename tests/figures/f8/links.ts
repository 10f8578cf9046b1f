import type { Mutant } from "./mutant";

const LINKS = "tests/connections/links.test.ts";

export const links: readonly Mutant[] = [
  {
    id: "link-makes-many",
    does: "two attempts of one link make two connections",
    edits: [["lib/connections/activate.ts", "if (starter.link?.usedAt) return", "if (starter.link?.usedAt && !row) return"]],
    test: LINKS,
  },
  {
    id: "link-of-any-browser",
    does: "a link opens in a second browser as well",
    edits: [
      ["db/connect-links.ts", "isNull(connectLinks.browserHash), live", "live"],
      ["lib/links/look-at-link.ts", 'if (link.browserHash !== null && !yours) return { kind: "elsewhere" };', ""],
    ],
    test: LINKS,
  },
  {
    id: "link-for-another-store",
    does: "a link for one connection begins with whichever the form names",
    edits: [["lib/connections/connect-target.ts", 'actor.kind === "link" ? actor.connectionId : asked.connectionId', "asked.connectionId"]],
    test: LINKS,
  },
  {
    id: "link-after-its-end",
    does: "a link that has run out or was taken back still opens",
    edits: [
      ["lib/links/closed.ts", 'if (revokedAt) return "revoked";', ""],
      ["lib/links/closed.ts", 'return expired ? "expired" : null;', "return null;"],
      [
        "db/connect-links.ts",
        "const live = and(isNull(connectLinks.usedAt), isNull(connectLinks.revokedAt), sql`${connectLinks.expiresAt} > app_now()`);",
        "const live = isNull(connectLinks.usedAt);",
      ],
    ],
    test: LINKS,
  },
];
