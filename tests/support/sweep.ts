import type { OpenIo } from "@/lib/connections/open-io";
import { sweep as sweepAll } from "@/lib/jobs/sweep";

/** One round of everything that the worker does. */
export async function sweep(open: OpenIo): Promise<void> {
  await sweepAll({ open });
}
