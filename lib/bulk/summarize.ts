import { type Counted, countSelection } from "@/db/bulk-selection";
import type { Exclusion } from "@/db/bulk-tables";
import { database } from "@/db/client";
import type { UserActor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { restate } from "@/lib/connections/restate";
import { offers } from "@/lib/offers/offers";
import { MOST_SELECTED, operationOf, STATES_AT_ONCE } from "./acts";
import { type Chosen, possible, selectionOf } from "./selection";

export type OfferCount = { offer: string; provider: string; platformName: string | null; n: number; endsSiblings: boolean };

export type Summary = {
  /** With how many something will be done: the number that has to be typed. */
  count: number;
  byOffer: OfferCount[];
  excluded: Partial<Record<Exclusion, number>>;
  /** Beyond what one run takes. */
  tooMany: boolean;
};

/** What an act on a selection would do, before anything of it is done. */
export async function summarize(actor: UserActor, chosen: Chosen, most = MOST_SELECTED): Promise<Summary> {
  authorize(actor, "bulk.run");
  authorize(actor, operationOf[chosen.act]);
  const current = await restate(STATES_AT_ONCE);
  return summaryOf(await countSelection(database(), chosen.act, await selectionOf(chosen, current), possible(), most + 1), most);
}

export function summaryOf(counted: readonly Counted[], most: number): Summary {
  const fit = counted.filter(({ verdict }) => verdict === "fit");
  const sum = (rows: readonly Counted[]) => rows.reduce((total, { n }) => total + n, 0);
  const left = Map.groupBy(
    counted.filter(({ verdict }) => verdict !== "fit"),
    ({ verdict }) => verdict,
  );
  return {
    count: sum(fit),
    byOffer: fit.map(({ offer, n }) => ({ offer, n, ...platformOf(offer) })),
    excluded: Object.fromEntries([...left].map(([verdict, rows]) => [verdict, sum(rows)])),
    tooMany: sum(counted) > most,
  };
}

export function platformOf(slug: string): Omit<OfferCount, "offer" | "n"> {
  const offer = offers().find((candidate) => candidate.slug === slug);
  return {
    provider: offer?.provider.id ?? slug,
    platformName: offer?.name ?? (offer ? null : slug),
    endsSiblings: offer?.provider.revocation.endsSiblings ?? false,
  };
}
