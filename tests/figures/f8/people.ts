import type { Mutant } from "./mutant";

const SESSIONS = "tests/auth/sessions.test.ts";
const MAILED = "tests/auth/mailed-link.test.ts";
const ADMIT = "tests/auth/admit.test.ts";
const PEOPLE = "tests/auth/people.test.ts";

export const people: readonly Mutant[] = [
  {
    id: "role-kept-in-the-session",
    does: "a role counts as it was when the session was first seen",
    edits: [
      [
        "lib/auth/find-actor.ts",
        "const SEEN_EVERY_S = 300;",
        "const SEEN_EVERY_S = 300;\nconst kept = new Map<string, LiveSession | null>();",
      ],
      [
        "lib/auth/find-actor.ts",
        "const session = await findLiveSession(database(), tokenHash);",
        "const session = kept.get(tokenHash) ?? (await findLiveSession(database(), tokenHash));\n  kept.set(tokenHash, session);",
      ],
    ],
    test: SESSIONS,
  },
  {
    id: "disabled-but-signed-in",
    does: "a disabled person's session goes on",
    edits: [["db/sessions.ts", "isNull(users.disabledAt), ", ""]],
    test: SESSIONS,
  },
  {
    id: "endless-idleness",
    does: "a session that nobody uses does not end",
    edits: [
      ["lib/auth/find-actor.ts", "session.ageS >= absoluteS || session.idleS >= idleS", "session.ageS >= absoluteS || session.idleS < 0"],
    ],
    test: SESSIONS,
  },
  {
    id: "endless-session",
    does: "a session that is used does not end",
    edits: [
      ["lib/auth/find-actor.ts", "session.ageS >= absoluteS || session.idleS", "session.ageS < 0 || session.idleS"],
      ["db/sessions.ts", "isNull(users.disabledAt), sql`${sessions.expiresAt} > app_now()`))", "isNull(users.disabledAt)))"],
    ],
    test: SESSIONS,
  },
  {
    id: "sessions-in-the-clear",
    does: "the database holds what opens a session",
    edits: [["lib/auth/session-token.ts", 'return hash("sha256", token, "hex");', "return hash ? token : token;"]],
    test: SESSIONS,
  },
  {
    id: "sign-in-link-twice",
    does: "a mailed link signs in as often as it is pressed",
    edits: [
      [
        "db/sign-in-links.ts",
        "export async function takeSignInLink(db: Executor, link: Link): Promise<boolean> {",
        "export async function takeSignInLink(db: Executor, link: Link): Promise<boolean> {\n  if (await hasSignInLink(db, link)) return true;",
      ],
    ],
    test: MAILED,
  },
  {
    id: "sign-in-link-for-ever",
    does: "a mailed link does not run out",
    edits: [
      ["db/sign-in-links.ts", "return rows[0]?.alive ?? false;", "return rows.length > 0;"],
      [
        "db/sign-in-links.ts",
        "eq(links.tokenHash, link.tokenHash), sql`${links.expiresAt} > app_now()`));\n  return",
        "eq(links.tokenHash, link.tokenHash)));\n  return",
      ],
    ],
    test: MAILED,
  },
  {
    id: "unverified-e-mail",
    does: "an e-mail that a provider did not verify is a proof",
    edits: [["lib/auth/admit.ts", "identity.emailProven ? identity.email : null", "identity.email"]],
    test: ADMIT,
  },
  {
    id: "linked-by-e-mail",
    does: "another provider's same e-mail opens a person's account",
    edits: [
      [
        "lib/auth/admit.ts",
        'if (await findUserByEmail(tx, email)) return { refused: "other_way" };',
        "const same = await findUserByEmail(tx, email);\n    if (same) return { userId: same.id };",
      ],
    ],
    test: ADMIT,
  },
  {
    id: "disabled-signs-in",
    does: "a disabled person signs in anew",
    edits: [["lib/auth/admit.ts", 'if (user.disabledAt) return { refused: "no_access" };', ""]],
    test: ADMIT,
  },
  {
    id: "nobody-left",
    does: "the last admin can be taken away",
    edits: [
      [
        "lib/people/keep-an-admin.ts",
        "if (admins.includes(without) && admins.length === 1)",
        "if (admins.includes(without) && admins.length === 0)",
      ],
    ],
    test: PEOPLE,
  },
  {
    id: "altered-unsubscription",
    does: "whoever knows a person's id decides about their mails",
    edits: [
      [
        "lib/mail/unsubscribe-token.ts",
        "right.length === shown.length && timingSafeEqual(right, shown) ?",
        "right.length === shown.length || timingSafeEqual(right, shown) ?",
      ],
    ],
    test: "tests/alerts/owner-mails.test.ts",
  },
];
