import { z } from "zod";
import { type Tx, transaction } from "@/db/client";
import { insertEvent } from "@/db/events";
import { insertSecret, listSecrets, newSecretId } from "@/db/offer-secrets";
import { insertOffer, lockStoredOffer, updateOffer } from "@/db/offers";
import type { UserActor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { adoptPolicies } from "@/lib/connections/restate";
import { notFound } from "@/lib/errors";
import { freshOffers } from "./fresh-offers";
import { configured } from "./held";
import { slugInput } from "./offer-input";
import { type OfferFaults, readOffer } from "./read-offer";
import { fingerprintOf, sealClientSecret, versionOf } from "./stored-offer";

/** Printable, as a header or a form may carry it: what was pasted with a line's end is meant without it. */
export const secretInput = z
  .string()
  .trim()
  .max(2_000, "long")
  .regex(/^[\x21-\x7e]*$/, "characters");

/** `changed`: somebody else changed it since the form was opened. */
export type Saved = { kind: "saved"; slug: string } | { kind: "refused"; faults: OfferFaults } | { kind: "changed" };

/** Makes a draft of a platform that follows OAuth 2.0, seen by admins alone. */
export async function createOffer(actor: UserActor, input: Record<string, unknown>): Promise<Saved> {
  authorize(actor, "providers.manage");
  const slug = slugInput.safeParse(input.slug);
  const secret = secretInput.safeParse(input.clientSecret ?? "");
  const read = readOffer(input, Boolean(secret.data));
  const faults: OfferFaults = {
    ...(slug.success ? taken(slug.data) : { slug: slug.error.issues[0]?.message ?? "slug" }),
    ...("faults" in read ? read.faults : {}),
    ...(secret.success ? {} : { clientSecret: "characters" }),
  };
  if (!slug.success || !secret.success || "faults" in read || Object.keys(faults).length > 0) return { kind: "refused", faults };
  const { settings } = read;
  const made = await transaction(async (tx) => {
    if (!(await insertOffer(tx, { slug: slug.data, settings, createdBy: actor.name }))) return false;
    if (secret.data && settings.authMethod !== "none") await keepFirst(tx, slug.data, secret.data, actor);
    await insertEvent(tx, { kind: "offer.created", actor, facts: { offer: slug.data, name: settings.name } });
    return true;
  });
  if (!made) return { kind: "refused", faults: { slug: "slug_taken" } };
  await freshOffers(0);
  await adoptPolicies();
  return { kind: "saved", slug: slug.data };
}

async function keepFirst(tx: Tx, slug: string, secret: string, actor: UserActor): Promise<void> {
  const id = newSecretId();
  await insertSecret(tx, { id, offer: slug, value: sealClientSecret(id, secret), current: true, createdBy: actor.name });
}

const taken = (slug: string): OfferFaults => (configured().some((offer) => offer.slug === slug) ? { slug: "slug_taken" } : {});

/** Changes what it is, where `version` is none or still the newest. Consents on their way there are cancelled where that touches them, and a dry run of before proves nothing any more. */
export async function editOffer(actor: UserActor, slug: string, input: Record<string, unknown>): Promise<Saved> {
  authorize(actor, "providers.manage");
  const secret = secretInput.safeParse(input.clientSecret ?? "");
  const read = readOffer(input, true);
  if ("faults" in read) return { kind: "refused", faults: read.faults };
  if (!secret.success) return { kind: "refused", faults: { clientSecret: "characters" } };
  const { settings } = read;
  const saved = await transaction(async (tx) => {
    const before = await lockStoredOffer(tx, slug);
    if (!before) throw notFound();
    if (input.version && input.version !== versionOf(before.settings)) return "changed";
    // A client that had none needs one from here on: without it the platform could not be used, nor be found to be mended.
    if (settings.authMethod !== "none" && (await listSecrets(tx, slug)).length === 0) {
      if (!secret.data) return "secretless";
      await keepFirst(tx, slug, secret.data, actor);
    }
    await updateOffer(tx, slug, { settings });
    const flows = fingerprintOf(slug, before.settings) !== fingerprintOf(slug, settings);
    await insertEvent(tx, { kind: "offer.edited", actor, facts: { offer: slug, name: settings.name, flows } });
    return "saved";
  });
  if (saved === "changed") return { kind: "changed" };
  if (saved === "secretless") return { kind: "refused", faults: { clientSecret: "required" } };
  await freshOffers(0);
  return { kind: "saved", slug };
}
