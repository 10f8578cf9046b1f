import { database } from "@/db/client";
import { failingOffers as findFailing } from "@/db/offer-minutes";
import { writeCalls } from "./call-counts";

/** The slugs of platforms that have had problems in the last ten minutes, by what all processes were answered. */
export async function failingOffers(): Promise<ReadonlySet<string>> {
  await writeCalls(0);
  return new Set(await findFailing(database()));
}
