import { database } from "@/db/client";
import { findLink } from "@/db/connect-links";
import type { AttemptOutcome } from "@/db/schema";
import { type ReturnStatus, wayBack } from "./return-address";

type Ended = { outcome: AttemptOutcome | null; store: { id: string } | null };

/** Where whoever sent the link goes on, told how this attempt went. Null: nowhere was named, or it is not allowed any more. */
export async function backFromLink(id: string, { outcome, store }: Ended): Promise<{ href: string; host: string } | null> {
  const link = await findLink(database(), id);
  if (!link) return null;
  // Another tab of the same browser connected the store, and this one's attempt was put aside for it.
  const elsewhere = outcome === "replaced" && link.resultId !== null;
  const status = elsewhere ? "connected" : statusOf(outcome);
  if (status !== "connected") return wayBack(link.returnUrl, status, link.connectionId);
  return wayBack(link.returnUrl, status, elsewhere ? link.resultId : (store?.id ?? null));
}

function statusOf(outcome: AttemptOutcome | null): ReturnStatus {
  if (outcome === "connected" || outcome === "renewed") return "connected";
  return outcome === "denied" || outcome === "nothing" ? "denied" : "failed";
}
