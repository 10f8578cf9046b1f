import { z } from "zod";
import { database, type Tx, transaction } from "@/db/client";
import { insertLink } from "@/db/connect-links";
import { type Connection, findConnection } from "@/db/connections";
import { insertEvent } from "@/db/events";
import { findMerchant, findMerchantByExternalId, insertMerchant, type MerchantRow } from "@/db/merchants";
import { newId } from "@/db/new-id";
import type { KeyActor, UserActor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { hashToken, newToken } from "@/lib/auth/session-token";
import { env } from "@/lib/env";
import { AppError, notFound } from "@/lib/errors";
import { isId, typedText } from "@/lib/ids";
import { locales } from "@/lib/locale";
import { freshOffers } from "@/lib/offers/fresh-offers";
import { isPublished, offers } from "@/lib/offers/offers";
import { returnAddress } from "./return-address";

const DAY_S = 86_400;
const LIFE_S = 3 * DAY_S;

const name = z.string().max(200).transform(typedText).pipe(z.string().min(1));

const inputSchema = z.strictObject({
  /** Ours by `id`, or the company's own one, which is made where there is none yet. */
  merchant: z.union([z.strictObject({ id: z.string().max(64) }), z.strictObject({ externalId: name, name })]),
  locale: z.enum(locales).nullish(),
  offer: z.string().min(1).max(64).nullish(),
  connectionId: z.string().max(64).nullish(),
  returnUrl: z.string().nullish(),
  livesS: z
    .int()
    .min(300)
    .max(30 * DAY_S)
    .default(LIFE_S),
});
type Asked = z.output<typeof inputSchema>;

/** `url` is handed out this once: its token is known nowhere afterwards. */
export type CreatedLink = { id: string; url: string; expiresAt: Date; merchant: MerchantRow };

/**
 * A merchant's way in without an account: for that merchant, and for the platform or the connection that is named. Throws AppError: 403 a
 * merchant beyond the key's limit, 404 what is not there or not the actor's, 422 what does not fit: platform, ended connection, origin.
 */
export async function createLink(actor: KeyActor | UserActor, input: unknown): Promise<CreatedLink> {
  authorize(actor, "link.create");
  const asked = inputSchema.parse(input);
  await freshOffers(0);
  const back = asked.returnUrl ? returnAddress(asked.returnUrl) : null;
  if (asked.returnUrl && !back) throw new AppError("return_url_not_allowed", 422);
  const known = await knownMerchant(actor, asked.merchant);
  const target = asked.connectionId ? await targetOf(actor, asked.connectionId, known) : null;
  const offer = offerOf(actor, asked.offer ?? null, target);
  if (offer !== null) authorize(actor, "link.create", { merchantId: known?.id ?? "", offer });
  const token = newToken();
  return transaction(async (tx) => {
    const merchant = known ?? (await madeMerchant(tx, actor, asked.merchant));
    const row = await insertLink(tx, {
      id: newId("lnk"),
      tokenHash: hashToken(token),
      merchantId: merchant.id,
      offer,
      connectionId: target?.id ?? null,
      locale: asked.locale ?? null,
      returnUrl: back?.href ?? null,
      createdByKind: actor.kind,
      createdBy: actor.id,
      createdByName: actor.name,
      livesS: asked.livesS,
    });
    const facts = { link: row.id, offer, until: row.expiresAt.toISOString() };
    await insertEvent(tx, { kind: "link.created", actor, merchantId: merchant.id, connectionId: target?.id, facts });
    return { id: row.id, url: `${env().LATCHKEY_URL}/link/${token}`, expiresAt: row.expiresAt, merchant };
  });
}

/** Null: yet to be made. A key that is limited to merchants makes none, and is told the same of others' and of none. */
async function knownMerchant(actor: KeyActor | UserActor, asked: Asked["merchant"]): Promise<MerchantRow | null> {
  const found = await ("id" in asked ? findMerchant(database(), asked.id) : findMerchantByExternalId(database(), asked.externalId));
  if (actor.kind === "key" && actor.merchantIds !== null && (!found || !actor.merchantIds.includes(found.id)))
    throw new AppError("merchant_limited", 403);
  if (!found && "id" in asked) throw notFound();
  return found;
}

async function madeMerchant(tx: Tx, actor: KeyActor | UserActor, asked: Asked["merchant"]): Promise<MerchantRow> {
  if ("id" in asked) throw notFound();
  const made = await insertMerchant(tx, asked);
  if (made) {
    const facts = { name: made.name, externalId: made.externalId };
    await insertEvent(tx, { kind: "merchant.created", actor, merchantId: made.id, facts });
    return made;
  }
  // Somebody else made it this moment.
  const other = await findMerchantByExternalId(tx, asked.externalId);
  if (!other) throw notFound();
  return other;
}

async function targetOf(actor: KeyActor | UserActor, id: string, merchant: MerchantRow | null): Promise<Connection> {
  const row = isId(id) ? await findConnection(database(), id) : null;
  if (!row || row.merchantId !== merchant?.id || row.connectedAt === null) throw notFound();
  authorize(actor, "link.create", row);
  if (row.status !== "active" && row.status !== "reconnect") throw new AppError("not_reconnectable", 422);
  return row;
}

function offerOf(actor: KeyActor | UserActor, slug: string | null, target: Connection | null): string | null {
  if (target) {
    if (slug !== null && slug !== target.offer) throw new AppError("provider_mismatch", 422);
    return target.offer;
  }
  if (slug === null) {
    if (actor.kind === "key" && actor.offers !== null) throw new AppError("provider_required", 422);
    return null;
  }
  const offer = offers().find((candidate) => candidate.slug === slug);
  // A key that is limited to platforms is told the same of others' and of none.
  const reached = actor.kind !== "key" || actor.offers === null || actor.offers.includes(slug);
  if (!offer || !isPublished(offer) || !reached) throw new AppError("unknown_provider", 422);
  return slug;
}
