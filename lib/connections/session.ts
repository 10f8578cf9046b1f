import { database } from "@/db/client";
import { newId } from "@/db/new-id";
import { findSession, leaseSession, noteSessionUse, releaseSession, storeSession } from "@/db/platform-sessions";
import type { Sealed } from "@/db/sealed";
import { crossing } from "@/lib/crash-point";
import { fingerprintKey } from "@/lib/fingerprint-key";
import type { Io, SessionValue } from "@/lib/providers/contract";
import { ProviderError } from "@/lib/providers/provider-error";
import { fingerprint, type Place, seal, unseal, VaultError } from "@/lib/vault";

export type SessionContext = { offer: string; merchantId: string; connectionId: string | null };

/** Longer than the longest call that makes a session. */
const LEASE_S = 30;
/** A session with less than this to live is made anew. */
const SPARE_S = 60;
const STEP_MS = 80;

const place = (id: string, merchant: string): Place => ({ table: "platform_sessions", column: "value", row: id, merchant });

/** `io.session` over the database: one process makes the value, the others wait for it (up to `waitMs`). */
export function sharedSession(context: SessionContext, waitMs = 25_000): Io["session"] {
  const { connectionId } = context;
  const used = async (id: string) => !connectionId || crossing("session.use", () => noteSessionUse(database(), id, connectionId));
  return async (key, make, rejected) => {
    const merchantId = key.shared === "merchant" ? context.merchantId : "";
    const row = {
      offer: context.offer,
      merchantId,
      keyHash: fingerprint([context.offer, merchantId, ...key.parts], await fingerprintKey()),
    };
    const until = performance.now() + waitMs;
    for (;;) {
      const found = await findSession(database(), row, SPARE_S);
      // Erased meanwhile, with the last connection that used it: there is a new one at once.
      if (!found || !(await used(found.id))) continue;
      const value = found.usable ? readable(found.value, place(found.id, merchantId)) : null;
      if (value !== null && value !== rejected) return { value, expiresAt: found.expiresAt };
      const leaseId = newId("lease");
      if (await crossing("session.lease", () => leaseSession(database(), found.id, found.value, leaseId, LEASE_S)))
        return makeSession(found.id, merchantId, leaseId, make);
      if (performance.now() > until) throw new ProviderError("transient", "session_busy");
      await new Promise((resolve) => setTimeout(resolve, STEP_MS));
    }
  };
}

/** Null where it cannot be read: it is made anew, which costs a call and no merchant's connection. */
function readable(sealed: Sealed | null, at: Place): string | null {
  try {
    return sealed === null ? null : unseal(sealed, at);
  } catch (error) {
    if (error instanceof VaultError) return null;
    throw error;
  }
}

async function makeSession(id: string, merchantId: string, leaseId: string, make: () => Promise<SessionValue>): Promise<SessionValue> {
  try {
    const made = await crossing("session.make", () => make());
    await crossing("session.store", () => storeSession(database(), id, leaseId, seal(made.value, place(id, merchantId)), made.expiresAt));
    return made;
  } catch (error) {
    await crossing("session.release", () => releaseSession(database(), id, leaseId));
    throw error;
  }
}
