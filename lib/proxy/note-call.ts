import { database } from "@/db/client";
import { beginProxyCall, endProxyCall, type ProxyCall } from "@/db/proxy-calls";
import { log } from "@/lib/log";

/** What of a path is kept: a longer one says no more about what was called. */
const LONGEST = 500;

/**
 * Writes that a call begins; what it returns writes how it ended. Paths are kept without their queries, and nothing else of what was said.
 * A call that cannot be written is not made.
 */
export async function noteCall(call: ProxyCall): Promise<(status: number | null, failure: string | null) => Promise<void>> {
  const id = await beginProxyCall(database(), { ...call, path: call.path.slice(0, LONGEST) });
  const begun = performance.now();
  return async (status, failure) => {
    const end = { status, failure, ms: Math.round(performance.now() - begun) };
    await endProxyCall(database(), id, end).catch((error: unknown) => log.error("call_end_not_written", error));
  };
}
