import { type AccessRow, type HeldAccess, readAccess } from "@/db/access";
import type { KeyActor } from "@/lib/auth/actor";
import { authorize, may, type Operation } from "@/lib/auth/permissions";
import { AppError, notFound } from "@/lib/errors";
import { isId } from "@/lib/ids";
import { actorOfKey } from "@/lib/keys/find-key";
import { freshOffers } from "@/lib/offers/fresh-offers";
import { held } from "@/lib/offers/held";

/** A database that says nothing to anybody for so long is down: whoever asks for access is told within two seconds. */
const SILENT_MS = 1_500;
/** While it answers others, whoever is behind them waits, up to this. */
const LONGEST_MS = 5_000;

let answeredAt = 0;

/** Throws DatabaseError, and AppError 503 `unavailable` where the database does not answer. */
export function readSoon(key: Parameters<typeof readAccess>[0], id: string): Promise<AccessRow | null> {
  const began = performance.now();
  return new Promise((resolve, reject) => {
    let timer = setTimeout(judge, SILENT_MS);
    function judge() {
      const now = performance.now();
      const leftMs = Math.min(answeredAt + SILENT_MS, began + LONGEST_MS) - now;
      if (leftMs <= 0) reject(new AppError("unavailable", 503));
      else timer = setTimeout(judge, leftMs);
    }
    readAccess(key, id)
      .finally(() => {
        clearTimeout(timer);
        answeredAt = performance.now();
      })
      .then(resolve, reject);
  });
}

/** Whose key it is, as it was read. */
export const callerOf = (row: AccessRow): KeyActor =>
  actorOfKey({ id: row.keyId, name: row.keyName, scopes: row.keyScopes, merchantIds: row.keyMerchantIds, offers: row.keyOffers });

/** Whether that key may have that connection's access, and this process knows its platform. Nobody is told of a no. */
export function reachableBy(row: AccessRow, operation: Operation): row is AccessRow & HeldAccess {
  if (row.id === null || !row.connected || row.paused || row.status !== "active") return false;
  return row.offerVersion === held().version && may(callerOf(row), operation, row);
}

/**
 * The live connection as it is at this moment, for a key that may still have it. Throws AppError: 401 where the key is not good any more,
 * 403, 404, 409 `reconnect_required`, 410 `revoked`.
 */
export async function readLive(keyId: string, id: string, operation: Operation): Promise<HeldAccess> {
  const row = await readJudged(keyId, id, operation);
  if (row.offerVersion === held().version) return row;
  await freshOffers(0);
  // What was read before that wait is not of this moment any more.
  return readJudged(keyId, id, operation);
}

async function readJudged(keyId: string, id: string, operation: Operation): Promise<AccessRow & HeldAccess> {
  const row = await readSoon({ id: keyId }, isId(id) ? id : "");
  if (!row) throw new AppError("unknown_key", 401);
  const actor = callerOf(row);
  if (row.id === null || !row.connected) {
    authorize(actor, operation);
    throw notFound();
  }
  authorize(actor, operation, row);
  if (row.paused) throw new AppError("caller_paused", 403);
  if (row.status === "revoked" || row.status === "revoking") throw new AppError("revoked", 410);
  if (row.status !== "active") throw new AppError("reconnect_required", 409);
  return row;
}
