import type { OpenIo } from "@/lib/connections/open-io";
import { sweepConnecting, sweepKeeping } from "@/lib/jobs/sweep";

/** One round of everything that the worker does. */
export async function sweep(open: OpenIo): Promise<void> {
  await sweepConnecting({ open });
  await sweepKeeping({ open });
}
