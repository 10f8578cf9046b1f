import { claimConnection, releaseLease } from "@/db/claims";
import { database } from "@/db/client";
import type { Connection } from "@/db/connections";
import { newId } from "@/db/new-id";
import { crossing } from "@/lib/crash-point";
import { offer as findOffer } from "@/lib/offers/offers";
import type { Account } from "@/lib/providers/contract";
import type { ProviderError } from "@/lib/providers/provider-error";
import { type OpenIo, openIo } from "./open-io";
import { openGrant } from "./sealed-grant";
import { troubleOf } from "./trouble-of";

/** Asks the platform whether a row's grant works; a refusal, or a row that cannot be read, comes back as a ProviderError. */
export async function prove(row: Connection, open: OpenIo = openIo, background = false): Promise<Account | ProviderError> {
  try {
    const offer = findOffer(row.offer);
    const io = await open(offer, { merchantId: row.merchantId, connectionId: row.id, background, connecting: row.status === "pending" });
    return await crossing("prove.call", () => offer.provider.inspect(openGrant(row), io));
  } catch (error) {
    const trouble = troubleOf(error);
    if (trouble) return trouble;
    throw error;
  }
}

/** The same for a pending row while holding it, so that two processes never prove and activate at once. */
export async function proveHeld(row: Connection, open: OpenIo = openIo): Promise<Account | ProviderError | "busy"> {
  const leaseId = newId("lease");
  const held = await crossing("prove.claim", () => claimConnection(database(), row.id, leaseId, 30, 120, ["pending"]));
  if (!held) return "busy";
  try {
    return await prove(held, open);
  } finally {
    await crossing("prove.release", () => releaseLease(database(), row.id, leaseId));
  }
}
