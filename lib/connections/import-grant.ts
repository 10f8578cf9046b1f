import { z } from "zod";
import { database } from "@/db/client";
import { findMerchant } from "@/db/merchants";
import type { KeyActor, UserActor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { notFound } from "@/lib/errors";
import { typedText } from "@/lib/ids";
import { offer as findOffer, isPublished } from "@/lib/offers/offers";
import { connectWithValues, type Submitted } from "./connect-with-values";
import { type OpenIo, openIo } from "./open-io";

const inputSchema = z.strictObject({
  offer: z.string().max(64),
  merchantId: z.string().max(64),
  label: z.string().max(80).transform(typedText).optional(),
  values: z.record(z.string().max(64), z.string().max(16_384)),
});

/** An admin or a backend brings a grant that exists already. It is proved at the platform before it becomes the merchant's connection. */
export async function importGrant(actor: UserActor | KeyActor, input: unknown, open: OpenIo = openIo): Promise<Submitted> {
  authorize(actor, "connection.import");
  const { offer: slug, merchantId, label, values } = inputSchema.parse(input);
  authorize(actor, "connection.import", { merchantId, offer: slug });
  const offer = findOffer(slug);
  // A platform that is still being set up is its admins' alone.
  if (actor.kind === "key" && !isPublished(offer)) throw notFound();
  if (!(await findMerchant(database(), merchantId))) throw notFound();
  return connectWithValues(actor, { offer, merchantId, connectionId: null, label: label || null, values, way: "adopt" }, open);
}
