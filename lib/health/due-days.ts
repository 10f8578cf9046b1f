import type { HourSum } from "@/db/hours";
import type { LocalDay } from "./local-days";

/** How many renewals are due in an hour of the reader's clock. Two hours where the clock is put back. */
export type DueCell = { from: Date; to: Date; n: number };
/** `cells` by the hours of the clock, 0 to 23; null: the clock skips that one. */
export type DueDay = { from: Date; to: Date; n: number; cells: (DueCell | null)[] };

/** `sums` by the single hours of the days, in their order; `offer` null: of all platforms. */
export function dueDays(days: readonly LocalDay[], sums: readonly HourSum[], offer: string | null): DueDay[] {
  const n = new Map<number, number>();
  for (const sum of sums) if (offer === null || sum.offer === offer) n.set(sum.part, (n.get(sum.part) ?? 0) + sum.n);
  let part = 0;
  return days.map(({ from, to, hours }) => {
    const cells: (DueCell | null)[] = Array.from({ length: 24 }, () => null);
    for (const [index, { at, clock }] of hours.entries()) {
      const end = hours[index + 1]?.at ?? to;
      const before = cells[clock];
      cells[clock] = { from: before?.from ?? at, to: end, n: (before?.n ?? 0) + (n.get(part) ?? 0) };
      part += 1;
    }
    return { from, to, n: cells.reduce((sum, cell) => sum + (cell?.n ?? 0), 0), cells };
  });
}
