import { findAttempt, openAttempt } from "@/db/attempts";
import { database, type Tx, transaction } from "@/db/client";
import { insertEvent } from "@/db/events";
import { newId } from "@/db/new-id";
import { probeWrites } from "@/db/probe-writes";
import type { Connector, KeyActor } from "@/lib/auth/actor";
import { crossing } from "@/lib/crash-point";
import { notFound } from "@/lib/errors";
import { keepAnswers } from "@/lib/journal/keep-answers";
import type { Offer } from "@/lib/offers/offer";
import { persist } from "@/lib/persist";
import type { Io, Issued } from "@/lib/providers/contract";
import { ProviderError } from "@/lib/providers/provider-error";
import { observed } from "@/lib/telemetry/observed";
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
  values: Record<string, string>;
  way: "exchange" | "adopt";
};

/**
 * Connects with what a person typed or a backend sent instead of a consent: credentials of the platform, or grants that exist already. What comes of
 * it is proved at the platform before it becomes a connection, and given back where the proof fails.
 */
export async function connectWithValues(actor: Connector | KeyActor, asked: Asked, open: OpenIo = openIo): Promise<Submitted> {
  const { offer, ...about } = asked;
  const attemptId = newId("att");
  const keeping = keepAnswers({ kind: "values", ...about, offer: offer.slug, attemptId, actor });
  let pendingId: string;
  try {
    // What is issued is to be stored: before it is asked for, the database must take what is written.
    await crossing("values.probe", () => probeWrites(database()));
    const io = await open(offer, { merchantId: asked.merchantId, connectionId: null, connecting: true, keeping });
    const issued = await issue(asked, io);
    pendingId = await storeValues(actor, asked, attemptId, issued);
    keeping.committed();
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    keeping.nothing();
    return refusal(error);
  } finally {
    keeping.end();
  }
  const adopted = await adopt(pendingId, open);
  const after = await findAttempt(database(), attemptId);
  if (adopted.kind === "ended" && after?.outcome === "refused") return refusal(adopted.error);
  return { kind: "attempt", attemptId };
}

function issue({ offer: { slug, provider }, values, way }: Asked, io: Io): Promise<Issued> {
  if (way === "adopt") return crossing("values.adopt", () => provider.adopt.issue(values, io));
  if (provider.kind !== "credentials") throw notFound();
  const issued = () => crossing("values.exchange", () => provider.exchange(values, io));
  return observed("exchange", { offer: slug }, issued, () => "issued");
}

type Stored = Pick<Asked, "offer" | "merchantId" | "connectionId" | "label">;

/** The pending connection's id: what was issued for values is in it, under an attempt that is opened now where it is not open yet. */
export async function storeValues(actor: Connector | KeyActor, asked: Stored, attemptId: string, issued: Issued): Promise<string> {
  const { offer, merchantId, connectionId, label } = asked;
  const attempt = await crossing("values.open", () => persist(() => transaction(begin)));
  if (!attempt) throw new Error("A new attempt could not be opened.");
  return storeIssued(actor, attempt, issued);

  async function begin(tx: Tx) {
    const begun = await findAttempt(tx, attemptId);
    if (begun) return begun;
    await holdConnector(tx, actor);
    const about = { offer: offer.slug, offerFingerprint: offer.fingerprint, merchantId, userId: actor.id, connectionId, label };
    const opened = await openAttempt(tx, { id: attemptId, ...about });
    const facts = { offer: offer.slug };
    await insertEvent(tx, { kind: "attempt.started", actor, merchantId, connectionId, attemptId, facts });
    return opened;
  }
}

function refusal(error: ProviderError): Submitted {
  const fields = error.detail.fields ?? {};
  const form = Object.keys(fields).length > 0 ? null : error.code;
  return { kind: "refused", fields, form, trouble: error.trouble, retryAfterS: error.detail.retryAfterS ?? null };
}
