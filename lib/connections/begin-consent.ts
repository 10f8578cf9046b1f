import { z } from "zod";
import { openAttempt, replaceAttempts } from "@/db/attempts";
import { transaction } from "@/db/client";
import { insertEvent } from "@/db/events";
import { newId } from "@/db/new-id";
import { assertChanging } from "@/lib/audit/hold";
import type { Connector } from "@/lib/auth/actor";
import { crossing } from "@/lib/crash-point";
import { env } from "@/lib/env";
import { AppError, notFound } from "@/lib/errors";
import { typedText } from "@/lib/ids";
import { freshOffers } from "@/lib/offers/fresh-offers";
import { offer as findOffer } from "@/lib/offers/offers";
import { ProviderError } from "@/lib/providers/provider-error";
import { seal } from "@/lib/vault";
import { randomSecret, sha256 } from "./browser-secret";
import { connectTarget, holdConnector } from "./connect-target";
import { type OpenIo, openIo } from "./open-io";
import { isPaused } from "./with-client";

export const attemptId = z.string().regex(/^att_[0-9a-z]{20}$/);

const inputSchema = z.strictObject({
  offer: z.string().max(64),
  merchantId: z.string().max(64).optional(),
  connectionId: z.string().max(64).optional(),
  label: z.string().max(80).transform(typedText).optional(),
  /** Made with the form, so that one form is one attempt however often it is sent. */
  attemptId: attemptId.optional(),
  locale: z.string().max(16).default("en"),
});

/** Where to send the browser, and the secret that its flow cookie must bring back. */
export type Consent = { attemptId: string; url: string; host: string; browserSecret: string };

export function callbackUrl(slug: string): string {
  return `${env().LATCHKEY_URL}/api/oauth/${slug}/callback`;
}

/** Throws AppError: 404 where offer, merchant or connection is not the actor's; 409 where their link is over; 503 while the platform is paused or its metadata cannot be read. */
export async function beginConsent(actor: Connector, input: unknown, open: OpenIo = openIo): Promise<Consent> {
  const asked = inputSchema.parse(input);
  await freshOffers(0);
  const offer = findOffer(asked.offer);
  const { provider } = offer;
  if (provider.kind !== "redirect") throw notFound();
  const { target, merchantId } = await connectTarget(actor, offer, asked);
  // The answer could not be exchanged.
  assertChanging();
  if (await isPaused(offer.slug)) throw new AppError("platform_paused", 503, { platform: offer.slug });

  const state = randomSecret();
  const browserSecret = randomSecret();
  const verifier = provider.pkce ? randomSecret() : null;
  const redirectUri = callbackUrl(offer.slug);
  const io = await open(offer, { merchantId, connectionId: target?.id ?? null, connecting: true });
  const consent = { state, redirectUri, challenge: verifier === null ? null : sha256(verifier), locale: asked.locale };
  const url = await crossing("consent.address", () => provider.authorizationUrl(consent, io)).catch((error: unknown) => {
    if (error instanceof ProviderError) throw new AppError("platform_unreachable", 503, { platform: offer.slug });
    throw error;
  });

  const make = (id: string) =>
    crossing("consent.open", () =>
      transaction(async (tx) => {
        await holdConnector(tx, actor);
        const attempt = await openAttempt(tx, {
          id,
          stateHash: sha256(state),
          browserHash: sha256(browserSecret),
          offer: offer.slug,
          offerFingerprint: offer.fingerprint,
          merchantId,
          userId: actor.id,
          connectionId: target?.id ?? null,
          label: asked.label || null,
          redirectUri,
          verifier: verifier === null ? null : seal(verifier, { table: "attempts", column: "verifier", row: id, merchant: merchantId }),
        });
        if (!attempt) return null;
        for (const older of target ? await replaceAttempts(tx, target.id, id) : [])
          await insertEvent(tx, { kind: "attempt.replaced", actor, merchantId, connectionId: target?.id, attemptId: older.id });
        await insertEvent(tx, {
          kind: "attempt.started",
          actor,
          merchantId,
          connectionId: target?.id,
          attemptId: id,
          facts: { offer: offer.slug },
        });
        return attempt;
      }),
    );
  const attempt = (asked.attemptId && (await make(asked.attemptId))) || (await make(newId("att")));
  if (!attempt) throw new Error("A new attempt could not be opened.");
  return { attemptId: attempt.id, url, host: new URL(url).host, browserSecret };
}
