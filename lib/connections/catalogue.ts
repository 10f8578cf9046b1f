import { findOpenAttempt } from "@/db/attempts";
import { database } from "@/db/client";
import { readClock } from "@/db/read-clock";
import type { UserActor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { AppError, notFound } from "@/lib/errors";
import type { Offer } from "@/lib/offers/offer";
import { offer as findOffer, offers } from "@/lib/offers/offers";
import type { Field } from "@/lib/providers/contract";
import { ownConnection } from "./renew";
import { type AttemptView, showAttempt } from "./show-attempt";
import { type ConnectionView, view } from "./view";
import { isPaused } from "./with-client";

export type OfferView = {
  slug: string;
  provider: string;
  platformName: string | null;
  environment: string;
  kind: "redirect" | "credentials";
  /** Where a redirect platform will ask for the permission. */
  host: string | null;
  fields: readonly Field[];
  importFields: readonly Field[];
  revocation: { endsSiblings: boolean; tokenOnly: boolean };
};

function offerView({ slug, name, provider }: Offer): OfferView {
  return {
    slug,
    provider: provider.id,
    platformName: name,
    environment: provider.environment,
    kind: provider.kind,
    host: provider.kind === "redirect" ? provider.host : null,
    fields: provider.kind === "credentials" ? provider.fields : [],
    importFields: provider.adopt.fields,
    revocation: provider.revocation,
  };
}

/** What can be connected. */
export function catalogue(): OfferView[] {
  return offers().map(offerView);
}

export type CatalogueEntry = {
  offer: OfferView;
  /** This person's newest attempt there that is still on its way. */
  openAttemptId: string | null;
  /** The platform refuses our own client just now, so nobody is sent there. */
  paused: boolean;
  /** The connection to be reconnected. */
  target: ConnectionView | null;
  /** The attempt that is started again: its store name and merchant are kept. */
  again: AttemptView | null;
};

/** One platform's page. Throws 404 for a platform that is not here and for a `connection` that cannot be reconnected there by this person. */
export async function catalogueEntry(
  actor: UserActor,
  slug: string,
  from: { connection?: unknown; again?: unknown } = {},
): Promise<CatalogueEntry> {
  authorize(actor, "connection.connect");
  const offer = offerView(findOffer(slug));
  const [open, paused, target, again] = await Promise.all([
    findOpenAttempt(database(), actor.id, slug),
    isPaused(slug),
    typeof from.connection === "string" ? reconnectable(actor, from.connection, slug) : null,
    typeof from.again === "string" ? before(actor, from.again) : null,
  ]);
  return { offer, openAttemptId: open?.id ?? null, paused, target, again };
}

async function reconnectable(actor: UserActor, id: string, slug: string): Promise<ConnectionView> {
  const row = await ownConnection(actor, id, "connection.connect");
  if (row.offer !== slug || !["active", "reconnect"].includes(row.status)) throw notFound();
  return view(row, "", await readClock(database()));
}

/** An attempt that is forgotten, or never was this person's, only has nothing to give. */
async function before(actor: UserActor, id: string): Promise<AttemptView | null> {
  return showAttempt(actor, id).catch((error: unknown) => {
    if (error instanceof AppError) return null;
    throw error;
  });
}
