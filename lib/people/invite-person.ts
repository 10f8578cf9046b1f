import { z } from "zod";
import { transaction } from "@/db/client";
import { insertEvent } from "@/db/events";
import { insertInvitation, pendingInvitationsFor } from "@/db/invitations";
import { membershipsOf } from "@/db/memberships";
import { findMerchantCalled } from "@/db/merchants";
import { findUserByEmail, lockEmail } from "@/db/users";
import type { Actor } from "@/lib/auth/actor";
import { emailAddress } from "@/lib/auth/email-address";
import { authorize } from "@/lib/auth/permissions";
import { AppError } from "@/lib/errors";
import { log } from "@/lib/log";
import { invitationMail } from "@/lib/mail/invitation-mail";
import { mailWay, sendMail } from "@/lib/mail/send-mail";
import { parseInput } from "./parse-input";
import { membershipFor, roleChoice } from "./role-of";

const INVITATION_DAYS = 14;

const schema = roleChoice.safeExtend({
  email: z.string().transform((text, context) => {
    const email = emailAddress(text);
    if (email) return email;
    context.addIssue({ code: "custom", message: "email" });
    return z.NEVER;
  }),
});

/** Stores the invitation, then mails it. `mailed` false: it stands, and the person must be told in another way. */
export async function invitePerson(actor: Actor, input: unknown): Promise<{ id: string; mailed: boolean }> {
  authorize(actor, "people.manage");
  const { email, ...choice } = parseInput(schema, input);
  const { role, merchant: called } = membershipFor(choice);
  const { invitation, merchant } = await transaction(async (tx) => {
    await lockEmail(tx, email);
    const merchant = called === null ? null : await findMerchantCalled(tx, called);
    if (called !== null && !merchant) throw new AppError("merchant", 422);
    const merchantId = merchant?.id ?? null;
    const user = await findUserByEmail(tx, email);
    const held = user ? await membershipsOf(tx, user.id) : [];
    // Somebody of one merchant may be invited to another one; every other change of role is made on the person.
    if (user && (merchantId === null || held.some((membership) => membership.merchantId === merchantId || membership.merchantId === null)))
      throw new AppError("already_here", 409);
    const open = await pendingInvitationsFor(tx, email);
    if (open.some((other) => other.merchantId === merchantId)) throw new AppError("already_invited", 409);
    const invitation = await insertInvitation(tx, { email, role, merchantId, invitedBy: actor.id }, INVITATION_DAYS);
    await insertEvent(tx, { kind: "invitation.created", actor, merchantId, facts: { email, role, invitation: invitation.id } });
    return { invitation, merchant };
  });
  const mail = invitationMail({ to: email, inviter: actor.name, merchant: merchant?.name ?? null, days: INVITATION_DAYS });
  return { id: invitation.id, mailed: await mailed(mail) };
}

async function mailed(mail: Parameters<typeof sendMail>[0]): Promise<boolean> {
  try {
    await sendMail(mail, `Invitation for ${mail.to}: sign in with this address.`);
    return mailWay() === "smtp";
  } catch (error) {
    log.error("invitation_mail_failed", error);
    return false;
  }
}
