import { database, transaction } from "@/db/client";
import { insertEvent } from "@/db/events";
import { insertMembership } from "@/db/memberships";
import { hasSignInLink, insertSignInLink, takeSignInLink } from "@/db/sign-in-links";
import { anyUser, insertAccount, insertUser, lockUsers } from "@/db/users";
import { env } from "@/lib/env";
import { newToken } from "./session-token";
import { hashSignInToken } from "./sign-in-link";

/** Not an e-mail address, so that no mailed link can be taken for this one. */
const IDENTIFIER = "first-admin";
const LIFE_S = 24 * 3_600;

const linkOf = (token: string) => ({ identifier: IDENTIFIER, tokenHash: hashSignInToken(token) });

/** A single-use link, good for a day, that makes its opener the first admin; null once there is any user. `email` fills the form in. */
export async function firstAdminLink(email?: string): Promise<string | null> {
  if (await anyUser(database())) return null;
  const token = newToken();
  await insertSignInLink(database(), linkOf(token), LIFE_S);
  return `${env().LATCHKEY_URL}/sign-in/first?${new URLSearchParams(email ? { token, email } : { token })}`;
}

/** Whether this link would still do; it is not spent. */
export async function isFirstAdminToken(token: string): Promise<boolean> {
  return !(await anyUser(database())) && (await hasSignInLink(database(), linkOf(token)));
}

/** The new admin's user id; null when the link is spent, out of date or altered, or when somebody was quicker. */
export function becomeFirstAdmin(input: { token: string; name: string; email: string }): Promise<string | null> {
  return transaction(async (tx) => {
    await lockUsers(tx);
    if ((await anyUser(tx)) || !(await takeSignInLink(tx, linkOf(input.token)))) return null;
    const { email, name } = input;
    const user = await insertUser(tx, { email, name });
    await insertAccount(tx, { provider: "email", subject: email, type: "email", userId: user.id });
    await insertMembership(tx, user.id, "admin", null);
    await insertEvent(tx, {
      kind: "person.joined",
      actor: { kind: "user", id: user.id, name },
      facts: { email, by: "first_admin_link", role: "admin" },
    });
    return user.id;
  });
}
