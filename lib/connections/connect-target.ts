import { database, type Tx } from "@/db/client";
import { holdLink } from "@/db/connect-links";
import { type Connection, findConnection } from "@/db/connections";
import type { Connector, KeyActor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { AppError, notFound } from "@/lib/errors";
import { isId } from "@/lib/ids";
import type { Offer } from "@/lib/offers/offer";
import { isPublished } from "@/lib/offers/offers";

/** Whose store it becomes, and the connection that is to be renewed; null: a new one. */
export type ConnectTarget = { merchantId: string; target: Connection | null };

/**
 * Where a store is to be connected. Throws AppError: 404 where offer, merchant or connection is not the actor's, 409 where their link is
 * over.
 */
export async function connectTarget(
  actor: Connector,
  offer: Offer,
  asked: { merchantId?: string | undefined; connectionId?: string | undefined },
): Promise<ConnectTarget> {
  // A link that is for one connection begins nothing else, whatever the form says.
  const connectionId = actor.kind === "link" ? actor.connectionId : asked.connectionId;
  const target = connectionId && isId(connectionId) ? await findConnection(database(), connectionId) : null;
  if (connectionId && (!target || target.offer !== offer.slug || !["active", "reconnect"].includes(target.status))) throw notFound();
  if (!target && !isPublished(offer)) throw notFound();
  const merchantId = target?.merchantId ?? asked.merchantId ?? actor.merchants[0]?.id;
  if (!merchantId) throw notFound();
  authorize(actor, "connection.connect", { merchantId, offer: offer.slug });
  if (actor.kind === "link" && actor.closed) throw linkOver();
  return { merchantId, target };
}

/** In the transaction that begins something: a link that is over by now begins nothing. */
export async function holdConnector(tx: Tx, actor: Connector | KeyActor): Promise<void> {
  if (actor.kind === "link" && !(await holdLink(tx, actor.id))) throw linkOver();
}

const linkOver = (): AppError => new AppError("link_over", 409);
