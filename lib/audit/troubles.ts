import { database } from "@/db/client";
import { countUnsealed } from "@/db/event-seals";
import { checkChain } from "./check-chain";

/** An event has its place within a second; one that has waited for so long is not getting any. */
export const LATE_S = 10;
const MOST = 10_000;

/** `unsealed`: so many events wait for a place; `chain`: from that place on it is not what was sealed. */
export type Trouble = { what: "unsealed" | "chain"; count: number };

/** What people have to know of the audit itself. */
export async function auditTroubles(): Promise<Trouble[]> {
  const unsealed = await unsealedEvents();
  const fault = await checkChain();
  const troubles: Trouble[] = unsealed > 0 ? [{ what: "unsealed", count: unsealed }] : [];
  return fault ? [...troubles, { what: "chain", count: fault.seq ?? 0 }] : troubles;
}

/** How many wait for longer than they should, counted up to 10,000. */
export const unsealedEvents = (): Promise<number> => countUnsealed(database(), LATE_S, MOST);
