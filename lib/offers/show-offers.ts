import { database } from "@/db/client";
import { type Incident, openIncidents } from "@/db/incidents";
import { findPause, type Pause } from "@/db/offer-pauses";
import { type KnownSecret, listSecrets } from "@/db/offer-secrets";
import { countHolding, findStoredOffer, type StoredOffer } from "@/db/offers";
import { readClock } from "@/db/read-clock";
import type { UserActor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { callbackUrl } from "@/lib/connections/begin-consent";
import type { Pace, Policy } from "@/lib/providers/contract";
import { writeCalls } from "./call-counts";
import { MOST_HELD } from "./delete-offer";
import { failingOffers } from "./failing-offers";
import { freshOffers } from "./fresh-offers";
import type { Offer, OfferTexts } from "./offer";
import { type OfferValues, valuesOf } from "./offer-input";
import { offer as findOffer, isPublished, offers, pauseOf } from "./offers";
import { fingerprintOf, versionOf } from "./stored-offer";

export type OfferSummary = {
  slug: string;
  provider: string;
  platformName: string | null;
  monogram: string | null;
  environment: string;
  /** `variables`: described by the environment, and changed only there. */
  status: "variables" | "published" | "draft";
  held: { reason: string; until: Date } | null;
  failing: boolean;
  /** The platform refuses our own client. */
  incident: { code: string; openedAt: Date } | null;
  /** The end of our client's id there; null: it needs none of ours. */
  clientTail: string | null;
  /** Where consents come back to; null: nobody is sent there. */
  redirectUri: string | null;
};

/** Every platform, as an admin sees it. */
export async function showOffers(actor: UserActor): Promise<{ offers: OfferSummary[]; asOf: Date }> {
  authorize(actor, "providers.manage");
  await freshOffers(0);
  const [now, failing, incidents] = await Promise.all([readClock(database()), failingOffers(), openIncidents(database())]);
  return { offers: offers().map((offer) => summaryOf(offer, { now, failing, incidents })), asOf: now };
}

type Around = { now: Date; failing: ReadonlySet<string>; incidents: readonly Incident[] };

function summaryOf(offer: Offer, { now, failing, incidents }: Around): OfferSummary {
  const { slug, name, provider, stored, client } = offer;
  const pause = pauseOf(slug);
  const incident = incidents.find((open) => open.offer === slug);
  return {
    slug,
    provider: provider.id,
    platformName: name,
    monogram: stored?.texts.monogram ?? null,
    environment: provider.environment,
    status: !stored ? "variables" : isPublished(offer) ? "published" : "draft",
    held: pause && pause.until > now ? pause : null,
    failing: failing.has(slug),
    incident: incident ? { code: incident.code, openedAt: incident.openedAt } : null,
    clientTail: client?.id ? client.id.slice(-4) : null,
    redirectUri: provider.kind === "redirect" ? callbackUrl(slug) : null,
  };
}

export type OfferDetail = OfferSummary & {
  asOf: Date;
  kind: "redirect" | "credentials";
  scopes: readonly string[];
  texts: OfferTexts | null;
  policy: Policy;
  pace: Pace | null;
  revocation: { endsSiblings: boolean; tokenOnly: boolean };
  pause: Pick<Pause, "pausedBy" | "pausedAt"> | null;
  /** Client secrets that are kept here, the oldest first: never a value. */
  secrets: readonly KnownSecret[];
  /** The last dry run that went well was of exactly this. */
  proved: { at: Date } | null;
  /** An entry of the database that the environment's takes the place of. */
  shadowed: boolean;
  /** Connections that still hold something of it, counted up to a thousand. */
  holding: number;
  /** What the form starts with; null: there is nothing to be changed here. */
  values: OfferValues | null;
  /** Which settings those are; null with them. */
  version: string | null;
  authMethod: "basic" | "post" | "none" | null;
};

/** One platform with all that an admin may know of it. Throws 404. */
export async function showOffer(actor: UserActor, slug: string): Promise<OfferDetail> {
  authorize(actor, "providers.manage");
  await Promise.all([freshOffers(0), writeCalls(0)]);
  const offer = findOffer(slug);
  const [now, failing, incidents, stored, secrets, pause, holding] = await Promise.all([
    readClock(database()),
    failingOffers(),
    openIncidents(database()),
    findStoredOffer(database(), slug),
    listSecrets(database(), slug),
    findPause(database(), slug),
    countHolding(database(), slug, MOST_HELD),
  ]);
  const { provider } = offer;
  const own = offer.stored ? stored : null;
  return {
    ...summaryOf(offer, { now, failing, incidents }),
    asOf: now,
    kind: provider.kind,
    scopes: offer.client?.scopes ?? [],
    texts: offer.stored?.texts ?? null,
    policy: provider.policy(true),
    pace: provider.pace,
    revocation: provider.revocation,
    pause: pause && pause.until > now ? pause : null,
    secrets: own ? secrets : [],
    proved: own ? provedOf(own) : null,
    shadowed: !offer.stored && stored !== null,
    holding,
    values: own ? valuesOf(slug, own.settings) : null,
    version: own ? versionOf(own.settings) : null,
    authMethod: own?.settings.authMethod ?? null,
  };
}

function provedOf({ slug, settings, provedAs, provedAt }: StoredOffer): { at: Date } | null {
  return provedAs === fingerprintOf(slug, settings) && provedAt ? { at: provedAt } : null;
}
