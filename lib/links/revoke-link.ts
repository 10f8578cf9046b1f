import { database, transaction } from "@/db/client";
import { findLink, revokeLink as takeBack } from "@/db/connect-links";
import { insertEvent } from "@/db/events";
import { cancelAttemptsOf, hasUnfinished } from "@/db/starter-attempts";
import type { UserActor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { AppError, notFound } from "@/lib/errors";
import { isLinkId } from "./link-id";

/**
 * Takes a link back that nothing came of yet; what was begun with it and not sent to the platform ends. Throws AppError: 404 no such link,
 * 409 it is over already, or a permission is just being turned into a connection.
 */
export async function revokeLink(actor: UserActor, id: string): Promise<void> {
  const link = isLinkId(id) ? await findLink(database(), id) : null;
  if (!link) throw notFound();
  authorize(actor, "link.create", { merchantId: link.merchantId });
  await transaction(async (tx) => {
    const row = await takeBack(tx, id);
    if (!row) throw new AppError("link_over", 409);
    const { merchantId, connectionId } = row;
    for (const { id: attemptId } of await cancelAttemptsOf(tx, id, "link_revoked"))
      await insertEvent(tx, { kind: "attempt.cancelled", actor, merchantId, connectionId, attemptId, facts: { code: "link_revoked" } });
    if (await hasUnfinished(tx, id)) throw new AppError("link_in_use", 409);
    const facts = { link: id, by: row.createdByName, byKind: row.createdByKind };
    await insertEvent(tx, { kind: "link.revoked", actor, merchantId, connectionId, facts });
  });
}
