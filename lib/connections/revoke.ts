import { z } from "zod";
import { finishAttempt } from "@/db/attempts";
import { database, type Tx, transaction } from "@/db/client";
import { type Connection, findConnection, findSiblings } from "@/db/connections";
import { insertEvent } from "@/db/events";
import { beginRevoking } from "@/db/revocations";
import type { UserActor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { AppError, notFound } from "@/lib/errors";
import { isId, typedText } from "@/lib/ids";
import { offer as findOffer, offers } from "@/lib/offers/offers";
import { persist } from "@/lib/persist";
import { type OpenIo, openIo } from "./open-io";
import { tellPlatform } from "./tell-platform";

const inputSchema = z.strictObject({
  connectionId: z.string().max(64),
  reach: z.enum(["authorization", "token"]).default("authorization"),
  reason: z.string().max(500).transform(typedText).optional(),
});

/** `already`: somebody else ended it before; the row as it stands tells who and how. */
export type Revoked = { kind: "revoked" | "revoking" | "already"; connectionId: string };

/**
 * Ends a connection: serving stops with the first commit, then the platform is told, then the secrets are erased. A merchant ends
 * their own; staff end anybody's and say why (AppError `reason_needed`, 422).
 */
export async function revoke(actor: UserActor, input: unknown, open: OpenIo = openIo): Promise<Revoked> {
  const { connectionId, reach, reason } = inputSchema.parse(input);
  const row = isId(connectionId) ? await findConnection(database(), connectionId) : null;
  if (!row) throw notFound();
  authorize(actor, actor.role === "merchant" ? "connection.disconnect" : "connection.revoke", row);
  if (actor.role === "merchant" && row.connectedAt === null) throw notFound();
  if (actor.role !== "merchant" && !reason) throw new AppError("reason_needed", 422);
  if (reach === "token" && !findOffer(row.offer).provider.revocation.tokenOnly) throw new AppError("reach_not_offered", 422);
  let tries = 0;
  const begin = async (tx: Tx): Promise<boolean> => {
    tries += 1;
    const revoking = await beginRevoking(tx, row.id, { reach, reason: reason || null, by: actor.id });
    // An earlier try was committed, and only its answer was lost.
    if (!revoking && tries > 1 && asAsked(await findConnection(tx, row.id), actor, reach, reason)) return true;
    if (revoking && row.status === "pending" && row.attemptId)
      await finishAttempt(tx, row.attemptId, { outcome: "abandoned", resultId: null });
    const kind = revoking ? "connection.revoke_asked" : "connection.revoke_repeated";
    await insertEvent(tx, { kind, actor, merchantId: row.merchantId, connectionId: row.id, reason: reason || null, facts: { reach } });
    return revoking !== null;
  };
  if (!(await persist(() => transaction(begin)))) return { kind: "already", connectionId };
  await tellPlatform(row.id, open);
  const after = await findConnection(database(), row.id);
  return { kind: after === null || after.status === "revoked" ? "revoked" : "revoking", connectionId };
}

function asAsked(row: Connection | null, actor: UserActor, reach: string, reason: string | undefined): boolean {
  return row?.revokedBy === actor.id && row.revokeReach === reach && row.revokeReason === (reason || null);
}

/** The other live connections that a full revocation of this one ends too. Only those that the actor may see are named. */
export async function siblingsOf(actor: UserActor, row: Connection): Promise<Connection[]> {
  if (!offers().find((candidate) => candidate.slug === row.offer)?.provider.revocation.endsSiblings) return [];
  const siblings = await findSiblings(database(), row);
  return actor.role === "merchant"
    ? siblings.filter((sibling) => actor.merchants.some((merchant) => merchant.id === sibling.merchantId))
    : siblings;
}
