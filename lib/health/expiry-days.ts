import type { HourSum } from "@/db/hours";
import { isFetchedOnDemand } from "./fetched-on-demand";
import type { LocalDay } from "./local-days";

/**
 * Of the connections whose access runs out on a day: for how many a renewal is planned, and for how many none is. `onDemand`: those of the
 * latter whose access is fetched as soon as somebody needs it.
 */
export type ExpiryDay = { from: Date; to: Date; renews: number; ends: number; onDemand: number };

/** `sums` by the days' own bounds; `offer` null: of all platforms. */
export function expiryDays(days: readonly LocalDay[], sums: readonly HourSum[], offer: string | null): ExpiryDay[] {
  const told = days.map(({ from, to }) => ({ from, to, renews: 0, ends: 0, onDemand: 0 }));
  for (const sum of sums) {
    const day = told[sum.part];
    if (!day || (offer !== null && sum.offer !== offer)) continue;
    day[sum.renews === "planned" ? "renews" : "ends"] += sum.n;
    if (sum.renews === "unplanned" && isFetchedOnDemand(sum.offer)) day.onDemand += sum.n;
  }
  return told;
}
