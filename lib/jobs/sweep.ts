import { openIo } from "@/lib/connections/open-io";
import type { Round } from "./job";
import { jobs } from "./jobs";

/** One bounded round of everything, in this process: for a schedule from outside, and for tests. The first failure is thrown at the end. */
export async function sweep({ open = openIo, stopping = () => false }: Partial<Round> = {}): Promise<void> {
  const failures: unknown[] = [];
  for (const job of jobs) {
    if (stopping()) break;
    await job.round({ open, stopping }).catch((error: unknown) => failures.push(error));
  }
  if (failures.length > 0) throw failures[0];
}
