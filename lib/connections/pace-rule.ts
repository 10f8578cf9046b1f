import type { Pace } from "@/lib/providers/contract";

/** What a platform's pace comes to: so many turns at once, and so many more a second. */
export function paceRule(pace: Pace): { capacity: number; perSecond: number } {
  // Without a burst of its own, a tenth of the allowance may go at once and the rest flows: any window stays under the limit.
  const capacity = pace.burst > 0 ? pace.burst : Math.max(1, Math.floor(pace.calls / 10));
  const flowing = pace.burst > 0 || pace.calls <= capacity ? pace.calls : pace.calls - capacity;
  return { capacity, perSecond: flowing / pace.perS };
}
