import { findOpenAttempt } from "@/db/attempts";
import { database } from "@/db/client";
import { readClock } from "@/db/read-clock";
import type { Connector } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { AppError, notFound } from "@/lib/errors";
import { failingOffers } from "@/lib/offers/failing-offers";
import type { Offer, OfferTexts } from "@/lib/offers/offer";
import { offer as findOffer, isPublished, offers, pauseOf } from "@/lib/offers/offers";
import type { Field } from "@/lib/providers/contract";
import { ownConnection } from "./renew";
import { type AttemptView, showAttempt } from "./show-attempt";
import { type ConnectionView, view } from "./view";
import { isPaused } from "./with-client";

export type OfferView = {
  slug: string;
  provider: string;
  platformName: string | null;
  /** What an admin wrote of it; null: the platform came with the product, which has texts and a picture for it. */
  texts: OfferTexts | null;
  environment: string;
  kind: "redirect" | "credentials";
  /** Where a redirect platform will ask for the permission. */
  host: string | null;
  fields: readonly Field[];
  importFields: readonly Field[];
  revocation: { endsSiblings: boolean; tokenOnly: boolean };
};

function offerView({ slug, name, provider, stored }: Offer): OfferView {
  return {
    slug,
    provider: provider.id,
    platformName: name,
    texts: stored?.texts ?? null,
    environment: provider.environment,
    kind: provider.kind,
    host: provider.kind === "redirect" ? provider.host : null,
    fields: provider.kind === "credentials" ? provider.fields : [],
    importFields: provider.adopt.fields,
    revocation: provider.revocation,
  };
}

/** Every platform, also those where no new store is to be connected. */
export function catalogue(): OfferView[] {
  return offers().map(offerView);
}

/** How a platform does just now, for whoever is about to connect a store there. */
export type Doing = {
  /** An admin holds it back: nobody is sent there until then, for this reason. */
  held: { reason: string; until: Date } | null;
  /** Many calls to it failed lately. */
  failing: boolean;
};

/** What can be connected. */
export async function connectable(): Promise<(OfferView & Doing)[]> {
  const [failing, now] = await Promise.all([failingOffers(), readClock(database())]);
  return offers()
    .filter(isPublished)
    .map((offer) => ({ ...offerView(offer), ...doing(offer.slug, failing, now) }));
}

function doing(slug: string, failing: ReadonlySet<string>, now: Date): Doing {
  const pause = pauseOf(slug);
  return { held: pause && pause.until > now ? pause : null, failing: failing.has(slug) };
}

export type CatalogueEntry = Doing & {
  offer: OfferView;
  /** This person's newest attempt there that is still on its way. */
  openAttemptId: string | null;
  /** Nobody is sent there: the platform refuses our own client just now, or it is held back. */
  paused: boolean;
  /** The connection to be reconnected. */
  target: ConnectionView | null;
  /** The attempt that is started again: its store name and merchant are kept. */
  again: AttemptView | null;
  /** The connect link that it is opened by; null: by somebody who is signed in. */
  link: string | null;
  merchants: readonly { id: string; name: string }[];
};

/** One platform's page. Throws 404 for a platform that is not here and for a `connection` that cannot be reconnected there by this person. */
export async function catalogueEntry(
  actor: Connector,
  slug: string,
  from: { connection?: unknown; again?: unknown } = {},
): Promise<CatalogueEntry> {
  const [merchant] = actor.merchants;
  authorize(actor, "connection.connect", actor.kind === "link" && merchant ? { merchantId: merchant.id, offer: slug } : undefined);
  const found = findOffer(slug);
  const asked = actor.kind === "link" ? actor.connectionId : from.connection;
  const [open, paused, target, again, failing, now] = await Promise.all([
    findOpenAttempt(database(), actor.id, slug),
    isPaused(slug),
    typeof asked === "string" ? reconnectable(actor, asked, slug) : null,
    typeof from.again === "string" ? before(actor, from.again) : null,
    failingOffers(),
    readClock(database()),
  ]);
  if (!target && !isPublished(found)) throw notFound();
  return {
    offer: offerView(found),
    openAttemptId: open?.id ?? null,
    paused,
    target,
    again,
    link: actor.kind === "link" ? actor.id : null,
    merchants: actor.merchants,
    ...doing(slug, failing, now),
  };
}

async function reconnectable(actor: Connector, id: string, slug: string): Promise<ConnectionView> {
  const row = await ownConnection(actor, id, "connection.connect");
  if (row.offer !== slug || !["active", "reconnect"].includes(row.status)) throw notFound();
  return view(row, "", await readClock(database()));
}

/** An attempt that is forgotten, or never was this person's, only has nothing to give. */
async function before(actor: Connector, id: string): Promise<AttemptView | null> {
  return showAttempt(actor, id).catch((error: unknown) => {
    if (error instanceof AppError) return null;
    throw error;
  });
}
