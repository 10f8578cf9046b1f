import { findAttempt, openAttempt } from "@/db/attempts";
import { database, transaction } from "@/db/client";
import { insertEvent } from "@/db/events";
import { newId } from "@/db/new-id";
import type { Connector, KeyActor } from "@/lib/auth/actor";
import type { Offer } from "@/lib/offers/offer";
import type { Issued } from "@/lib/providers/contract";
import { ProviderError } from "@/lib/providers/provider-error";
import { adopt } from "./adopt";
import { holdConnector } from "./connect-target";
import { type OpenIo, openIo } from "./open-io";
import { storeIssued } from "./store-issued";

/** `fields`: what was typed is refused, by field; nothing was kept. `form` names a refusal that no field explains; `retryAfterS`: then it may help to ask again. */
export type Submitted =
  | { kind: "attempt"; attemptId: string }
  | { kind: "refused"; fields: Record<string, string>; form: string | null; trouble: ProviderError["trouble"]; retryAfterS: number | null };

type Asked = {
  offer: Offer;
  merchantId: string;
  connectionId: string | null;
  label: string | null;
  issue: (io: Parameters<Offer["provider"]["adopt"]["issue"]>[1]) => Promise<Issued>;
};

/**
 * Connects with what a person typed or a backend sent instead of a consent: credentials of the platform, or grants that exist already. What comes of
 * it is proved at the platform before it becomes a connection, and given back where the proof fails.
 */
export async function connectWithValues(actor: Connector | KeyActor, asked: Asked, open: OpenIo = openIo): Promise<Submitted> {
  const { offer, merchantId, connectionId, label, issue } = asked;
  const io = await open(offer, { merchantId, connectionId: null, connecting: true });
  let issued: Issued;
  try {
    issued = await issue(io);
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    return refusal(error);
  }
  const id = newId("att");
  const attempt = await transaction(async (tx) => {
    await holdConnector(tx, actor);
    const opened = await openAttempt(tx, {
      id,
      offer: offer.slug,
      offerFingerprint: offer.fingerprint,
      merchantId,
      userId: actor.id,
      connectionId,
      label,
    });
    await insertEvent(tx, { kind: "attempt.started", actor, merchantId, connectionId, attemptId: id, facts: { offer: offer.slug } });
    return opened;
  });
  if (!attempt) throw new Error("A new attempt could not be opened.");
  const pendingId = await storeIssued(actor, attempt, issued);
  const adopted = await adopt(pendingId, open);
  const after = await findAttempt(database(), id);
  if (adopted.kind === "ended" && after?.outcome === "refused") return refusal(adopted.error);
  return { kind: "attempt", attemptId: id };
}

function refusal(error: ProviderError): Submitted {
  const fields = error.detail.fields ?? {};
  const form = Object.keys(fields).length > 0 ? null : error.code;
  return { kind: "refused", fields, form, trouble: error.trouble, retryAfterS: error.detail.retryAfterS ?? null };
}
