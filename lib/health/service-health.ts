import { database } from "@/db/client";
import { silentForS } from "@/db/workers";
import { changesHeld } from "@/lib/audit/hold";
import { env } from "@/lib/env";
import { journalState } from "@/lib/journal/journal";
import { within } from "@/lib/within";
import { isDraining } from "./draining";
import { isSilent } from "./is-silent";

const LONGEST_MS = 2_000;

/** No versions, no counts, no causes: whoever may ask is not known. */
export type ServiceHealth = {
  status: "ready" | "degraded" | "demo" | "draining" | "unavailable";
  database: "up" | "down";
  worker: "working" | "silent";
  /** `broken`: it is not what was sealed, so that this process changes nothing. */
  audit: "sealed" | "broken";
  /** `full`: the disk takes no more, so that this process asks platforms for nothing that is given once. */
  journal: "kept" | "off" | "full";
};

/**
 * How this process stands: one statement of the database, which has two seconds. A demo is never ready, because nobody's traffic may be sent
 * to it. Where the database is down no worker can work either.
 */
export async function serviceHealth(): Promise<ServiceHealth> {
  const journal = await journalState();
  try {
    const silent = isSilent(await within(LONGEST_MS, askDatabase()));
    const status = env().LATCHKEY_DEMO
      ? "demo"
      : isDraining()
        ? "draining"
        : silent || changesHeld() || journal === "full"
          ? "degraded"
          : "ready";
    return { status, database: "up", worker: silent ? "silent" : "working", audit: auditWord(), journal };
  } catch {
    return { status: "unavailable", database: "down", worker: "silent", audit: auditWord(), journal };
  }
}

const auditWord = () => (changesHeld() ? "broken" : "sealed");
const askDatabase = async () => silentForS(database());
