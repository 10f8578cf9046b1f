import { z } from "zod";
import { database } from "@/db/client";
import { type Connection, findConnection, findSiblings } from "@/db/connections";
import type { KeyActor, UserActor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { AppError, notFound } from "@/lib/errors";
import { isId, typedText } from "@/lib/ids";
import { offer as findOffer, offers } from "@/lib/offers/offers";
import { samePlatform } from "@/lib/offers/same-platform";
import { beginRevocation } from "./begin-revocation";
import { type OpenIo, openIo } from "./open-io";
import { tellPlatform } from "./tell-platform";

const inputSchema = z.strictObject({
  connectionId: z.string().max(64),
  reach: z.enum(["authorization", "token"]).default("authorization"),
  reason: z.string().max(500).transform(typedText).optional(),
  ticket: z.string().max(100).transform(typedText).optional(),
});

/** `already`: somebody else ended it before; the row as it stands tells who and how. */
export type Revoked = { kind: "revoked" | "revoking" | "already"; connectionId: string };

/**
 * Ends a connection: serving stops with the first commit, then the platform is told, then the secrets are erased. A merchant ends
 * their own; staff and backends end anybody's and say why (AppError `reason_needed`, 422).
 */
export async function revoke(actor: UserActor | KeyActor, input: unknown, open: OpenIo = openIo): Promise<Revoked> {
  const { connectionId, reach, reason, ticket } = inputSchema.parse(input);
  const row = isId(connectionId) ? await findConnection(database(), connectionId) : null;
  if (!row) throw notFound();
  const merchant = actor.kind === "user" && actor.role === "merchant";
  // What was never connected is staff's business.
  if ((merchant || actor.kind === "key") && row.connectedAt === null) throw notFound();
  authorize(actor, merchant ? "connection.disconnect" : "connection.revoke", row);
  if (!merchant && !reason) throw new AppError("reason_needed", 422);
  if (reach === "token" && !findOffer(row.offer).provider.revocation.tokenOnly) throw new AppError("reach_not_offered", 422);
  const asking = { reach, reason: reason || null, ticket: ticket || null };
  if (!(await beginRevocation(actor, row, asking))) return { kind: "already", connectionId };
  await tellPlatform(row.id, open);
  const after = await findConnection(database(), row.id);
  return { kind: after === null || after.status === "revoked" ? "revoked" : "revoking", connectionId };
}

/** The other live connections that a full revocation of this one ends too. Only those that the actor may see are named. */
export async function siblingsOf(actor: UserActor, row: Connection): Promise<Connection[]> {
  if (!offers().find((candidate) => candidate.slug === row.offer)?.provider.revocation.endsSiblings) return [];
  const siblings = await findSiblings(database(), row, samePlatform(row.offer));
  return actor.role === "merchant"
    ? siblings.filter((sibling) => actor.merchants.some((merchant) => merchant.id === sibling.merchantId))
    : siblings;
}
