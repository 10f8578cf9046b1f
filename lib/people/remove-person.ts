import { z } from "zod";
import { transaction } from "@/db/client";
import { insertEvent } from "@/db/events";
import { deleteInvitation, pendingInvitationsFor } from "@/db/invitations";
import { deleteMemberships, membershipsOf } from "@/db/memberships";
import { deleteSessionsOf } from "@/db/sessions";
import { deleteSignInLinksOf } from "@/db/sign-in-links";
import { findUser, lockEmail } from "@/db/users";
import type { Actor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { env } from "@/lib/env";
import { AppError, notFound } from "@/lib/errors";
import { keepAnAdmin } from "./keep-an-admin";
import { parseInput } from "./parse-input";

const schema = z.strictObject({ userId: z.string().max(60) });

/**
 * Takes every role away and signs the person out; invitations that wait for them are taken back. Who it was stays in the history, and a new role
 * or invitation brings them back.
 */
export async function removePerson(actor: Actor, input: unknown): Promise<void> {
  authorize(actor, "people.manage");
  const { userId } = parseInput(schema, input);
  await transaction(async (tx) => {
    const user = await findUser(tx, userId);
    if (!user) throw notFound();
    // Their next sign-in would make them an admin again.
    if (env().LATCHKEY_ADMINS.includes(user.email)) throw new AppError("admin_by_configuration", 409);
    await keepAnAdmin(tx, userId);
    await lockEmail(tx, user.email);
    for (const { id, email, role, merchantId } of await pendingInvitationsFor(tx, user.email)) {
      await deleteInvitation(tx, id);
      await insertEvent(tx, { kind: "invitation.revoked", actor, merchantId, facts: { email, role, invitation: id } });
    }
    const before = await membershipsOf(tx, userId);
    if (before.length === 0) return;
    await deleteMemberships(tx, userId);
    await deleteSessionsOf(tx, userId);
    await deleteSignInLinksOf(tx, user.email);
    const was = before.map(({ role }) => role).join(" ");
    await insertEvent(tx, { kind: "person.removed", actor, facts: { person: userId, email: user.email, was } });
  });
}
