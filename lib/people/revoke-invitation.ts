import { z } from "zod";
import { transaction } from "@/db/client";
import { insertEvent } from "@/db/events";
import { deleteInvitation } from "@/db/invitations";
import type { Actor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { notFound } from "@/lib/errors";
import { parseInput } from "./parse-input";

const schema = z.strictObject({ invitationId: z.string().max(60) });

/** Takes a pending invitation back. Throws 404 when it was accepted, ran out or was taken back already. */
export async function revokeInvitation(actor: Actor, input: unknown): Promise<void> {
  authorize(actor, "people.manage");
  const { invitationId } = parseInput(schema, input);
  await transaction(async (tx) => {
    const invitation = await deleteInvitation(tx, invitationId);
    if (!invitation) throw notFound();
    const { email, role, merchantId } = invitation;
    await insertEvent(tx, { kind: "invitation.revoked", actor, merchantId, facts: { email, role, invitation: invitationId } });
  });
}
