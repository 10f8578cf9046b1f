import { z } from "zod";
import type { Connector } from "@/lib/auth/actor";
import { notFound } from "@/lib/errors";
import { typedText } from "@/lib/ids";
import { offer as findOffer } from "@/lib/offers/offers";
import { connectTarget } from "./connect-target";
import { connectWithValues, type Submitted } from "./connect-with-values";
import { type OpenIo, openIo } from "./open-io";
import { isPaused } from "./with-client";

const inputSchema = z.strictObject({
  offer: z.string().max(64),
  merchantId: z.string().max(64).optional(),
  connectionId: z.string().max(64).optional(),
  label: z.string().max(80).transform(typedText).optional(),
  values: z.record(z.string().max(64), z.string().max(8_192)),
});

/** A merchant pastes credentials. They are proved before they are kept; refused ones come back as codes by field. */
export async function connectCredentials(actor: Connector, input: unknown, open: OpenIo = openIo): Promise<Submitted> {
  const asked = inputSchema.parse(input);
  const offer = findOffer(asked.offer);
  if (offer.provider.kind !== "credentials") throw notFound();
  const { target, merchantId } = await connectTarget(actor, offer, asked);
  if (await isPaused(offer.slug)) return { kind: "refused", fields: {}, form: "platform_paused", trouble: "declined", retryAfterS: null };
  const { values, label } = asked;
  const about = { offer, merchantId, connectionId: target?.id ?? null, label: label || null };
  return connectWithValues(actor, { ...about, values, way: "exchange" }, open);
}
