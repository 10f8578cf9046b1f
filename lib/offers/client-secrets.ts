import { database, type Tx, transaction } from "@/db/client";
import { insertEvent } from "@/db/events";
import { probeIncidentNow } from "@/db/incidents";
import { insertSecret, type KnownSecret, listSecrets, makeCurrent, newSecretId, removeSecret } from "@/db/offer-secrets";
import { lockStoredOffer } from "@/db/offers";
import { readClock } from "@/db/read-clock";
import type { UserActor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { requireRecent } from "@/lib/auth/recently";
import { AppError, notFound } from "@/lib/errors";
import { freshOffers } from "./fresh-offers";
import { secretInput } from "./save-offer";
import { sealClientSecret } from "./stored-offer";

const MOST = 2;

/** Keeps a second secret beside the one that is used. Nothing is sent with it before it is made the current one. */
export async function addSecret(actor: UserActor, slug: string, typed: unknown): Promise<void> {
  const parsed = secretInput.safeParse(typed);
  if (!parsed.success || parsed.data === "") throw new AppError("secret", 422);
  await changed(actor, slug, async (tx, secrets) => {
    if (secrets.length >= MOST) throw new AppError("two_already", 409);
    const id = newSecretId();
    const value = sealClientSecret(id, parsed.data);
    await insertSecret(tx, { id, offer: slug, value, current: secrets.length === 0, createdBy: actor.name });
    return { kind: "offer.secret_added", secret: id };
  });
}

/** Everything is sent with that one from here on; the other is kept, so that one act goes back to it. */
export async function switchSecret(actor: UserActor, slug: string, secretId: string): Promise<void> {
  await changed(actor, slug, async (tx, secrets) => {
    const chosen = found(secrets, secretId);
    if (chosen.current) return null;
    await makeCurrent(tx, slug, chosen.id);
    // Where the platform refused us, the new one is tried at once.
    await probeIncidentNow(tx, slug);
    return { kind: "offer.secret_switched", secret: chosen.id };
  });
}

/** Erases the one that is not used any more. Throws 422 `name` where `typed` is not the platform's name. */
export async function retireSecret(actor: UserActor, slug: string, secretId: string, typed: string): Promise<void> {
  requireRecent(actor, await readClock(database()));
  await changed(actor, slug, async (tx, secrets, name) => {
    if (typed.trim() !== name) throw new AppError("name", 422);
    const chosen = found(secrets, secretId);
    if (chosen.current) throw new AppError("current_secret", 409);
    await removeSecret(tx, chosen.id);
    return { kind: "offer.secret_retired", secret: chosen.id };
  });
}

function found(secrets: readonly KnownSecret[], id: string): KnownSecret {
  const secret = secrets.find((one) => one.id === id);
  if (!secret) throw notFound();
  return secret;
}

type Work = (tx: Tx, secrets: readonly KnownSecret[], name: string) => Promise<{ kind: string; secret: string } | null>;

async function changed(actor: UserActor, slug: string, work: Work): Promise<void> {
  authorize(actor, "providers.manage");
  await transaction(async (tx) => {
    const row = await lockStoredOffer(tx, slug);
    if (!row || row.settings.authMethod === "none") throw notFound();
    const done = await work(tx, await listSecrets(tx, slug), row.settings.name);
    if (done) await insertEvent(tx, { kind: done.kind, actor, facts: { offer: slug, name: row.settings.name, secret: done.secret } });
  });
  await freshOffers(0);
}
