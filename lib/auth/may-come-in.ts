import { database } from "@/db/client";
import { pendingInvitationsFor } from "@/db/invitations";
import { findUserByEmail } from "@/db/users";
import { env } from "@/lib/env";

/** Whether a mailed link would let this address in: nobody else is written to, so that Latchkey cannot be made to send mail to strangers. */
export async function mayComeIn(email: string): Promise<boolean> {
  const user = await findUserByEmail(database(), email);
  if (user) return user.disabledAt === null;
  if (env().LATCHKEY_SIGNUP === "open" || env().LATCHKEY_ADMINS.includes(email)) return true;
  return (await pendingInvitationsFor(database(), email)).length > 0;
}
