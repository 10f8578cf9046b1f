import { openIo } from "@/lib/connections/open-io";
import { freshOffers } from "@/lib/offers/fresh-offers";
import type { Round } from "./job";
import { afterwards, atPlatforms, jobs } from "./jobs";
import { renewing } from "./renewing";

/**
 * One bounded round of everything, in this process: for a schedule from outside, where jobs at platforms begin `together` so that a slow one
 * leaves the others their time, and for tests. The first failure is thrown at the end.
 */
export async function sweep({ open = openIo, stopping = () => false, together = false }: Partial<Round & { together: boolean }> = {}) {
  await freshOffers(0);
  const failures: unknown[] = [];
  const does = async (job: (typeof jobs)[number]): Promise<void> => {
    if (together || !stopping()) await job.round({ open, stopping }).catch((error: unknown) => failures.push(error));
  };
  if (together) await Promise.all(atPlatforms.map(does));
  // A claim passes over a row that another job was writing just then; with no round soon after this one, that would be a renewal left out.
  for (const job of together ? [renewing, ...afterwards] : jobs) await does(job);
  if (failures.length > 0) throw failures[0];
}
