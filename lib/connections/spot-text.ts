import type { Spot } from "@/db/connection-walk";

/** `<rank of the state>.<microseconds>.<id>` of the row at a page's edge. */
export const SPOT = /^(\d)\.(-?\d{1,16})\.([\w-]{1,64})$/;

export function spotOf(text: string | undefined): Spot | null {
  const [, rank, at, id] = SPOT.exec(text ?? "") ?? [];
  return rank && at && id ? { rank: Number(rank), at, id } : null;
}

export const spotText = ({ rank, at, id }: Spot): string => `${rank}.${at}.${id}`;
