import { database } from "@/db/client";
import { openIncidents as findOpen } from "@/db/incidents";
import type { UserActor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { offers } from "@/lib/offers/offers";

export type IncidentView = { id: string; provider: string; platformName: string | null; code: string; openedAt: Date };

/** Platforms that refuse our own client right now, for staff: it is ours to mend and no merchant's. */
export async function openIncidents(actor: UserActor): Promise<IncidentView[]> {
  authorize(actor, "support.search");
  return (await findOpen(database())).map(({ id, offer: slug, code, openedAt }) => {
    const offer = offers().find((candidate) => candidate.slug === slug);
    return { id, provider: offer?.provider.id ?? slug, platformName: offer?.name ?? null, code, openedAt };
  });
}
