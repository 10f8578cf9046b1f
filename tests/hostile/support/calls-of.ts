import { database } from "@/db/client";
import { proxyCallsOf } from "@/db/proxy-calls";

/** What was written down of a connection's calls, the newest first. */
export const callsOf = (connectionId: string) => proxyCallsOf(database(), connectionId, null, 10);
