import { postponePending } from "@/db/activate";
import { type Attempt, findAttempt, finishAttempt } from "@/db/attempts";
import { database, transaction } from "@/db/client";
import { type Connection, claimConnection, findConnection, releaseLease } from "@/db/connections";
import { insertEvent } from "@/db/events";
import { newId } from "@/db/new-id";
import { beginRevoking } from "@/db/revocations";
import { type Actor, worker } from "@/lib/auth/actor";
import type { Account } from "@/lib/providers/contract";
import { ProviderError } from "@/lib/providers/provider-error";
import { VaultError } from "@/lib/vault";
import { activate } from "./activate";
import { canRenew } from "./can-renew";
import { backoffS } from "./next-refresh";
import { type OpenIo, openIo } from "./open-io";
import { outcomeOf } from "./outcome-of";
import { prove } from "./prove";
import { renewOnce } from "./renew-once";
import { tellPlatform } from "./tell-platform";

/** `waiting`: another process is at it, or the platform is to be asked again later; a job carries on. */
export type Adopted = { kind: "done" } | { kind: "waiting"; retryAfterS: number } | { kind: "ended"; error: ProviderError };

/** Codes that say "fetch access anew", not "the grant is dead". */
export const STALE: ReadonlySet<string> = new Set(["session_ended", "access_stale"]);

const STEPS = 6;
const LATER_S = 5;

/**
 * Carries a pending row on until it is a connection: refresh until access is there (each answer committed before the next call),
 * prove it, activate it or rejoin the row that already holds the account. Safe to call by anyone at any time.
 */
export async function adopt(id: string, open: OpenIo = openIo): Promise<Adopted> {
  for (let step = 0; step < STEPS; step += 1) {
    const row = await findConnection(database(), id);
    const attempt = row?.attemptId ? await findAttempt(database(), row.attemptId) : null;
    if (row?.status !== "pending" || !attempt || attempt.status !== "issued") return { kind: "done" };
    if (row.access === null) {
      const renewed = await renewOnce(worker, id, ["pending"], open);
      if (renewed.kind === "busy") return { kind: "waiting", retryAfterS: LATER_S };
      if (renewed.kind === "failed") return settleTrouble(row, attempt, renewed.error, open);
      continue;
    }
    const proof = await proveUnderLease(row, open);
    if (proof === "busy") return { kind: "waiting", retryAfterS: LATER_S };
    if (proof instanceof ProviderError) {
      // A session that ended or a token that ran out meanwhile is fetched anew; a grant that cannot be renewed has no second chance.
      if (canRenew(row) && step < STEPS - 2 && (STALE.has(proof.code) || proof.trouble === "reconnect") && row.generation < 2) {
        const renewed = await renewOnce(worker, id, ["pending"], open);
        if (renewed.kind === "failed") return settleTrouble(row, attempt, renewed.error, open);
        continue;
      }
      return settleTrouble(row, attempt, proof, open);
    }
    if (proof.stale) {
      await renewOnce(worker, id, ["pending"], open);
      continue;
    }
    await activate(row, attempt, proof);
    return { kind: "done" };
  }
  return { kind: "waiting", retryAfterS: LATER_S };
}

/** Asks the platform while holding the row, so that two processes never prove and activate at once. */
async function proveUnderLease(row: Connection, open: OpenIo): Promise<Account | ProviderError | "busy"> {
  const leaseId = newId("lease");
  const held = await claimConnection(database(), row.id, leaseId, 30, 120, ["pending"]);
  if (!held) return "busy";
  try {
    return await prove(held, open);
  } catch (error) {
    if (error instanceof ProviderError) return error;
    if (error instanceof VaultError) return new ProviderError("operator", "key_missing");
    throw error;
  } finally {
    await releaseLease(database(), row.id, leaseId);
  }
}

async function settleTrouble(row: Connection, attempt: Attempt, error: ProviderError, open: OpenIo): Promise<Adopted> {
  // A field that was typed wrong is the person's to mend, whatever kept the platform from saying so.
  if ((error.trouble === "transient" || error.trouble === "doubt") && !error.detail.fields) {
    const waitS = error.detail.retryAfterS ?? backoffS(row.failures);
    await postponePending(database(), row.id, waitS);
    return { kind: "waiting", retryAfterS: waitS };
  }
  await endPending(worker, row, attempt, error);
  await tellPlatform(row.id, open);
  return { kind: "ended", error };
}

/** What was issued is of no use: the attempt tells why and the grant is given back. */
export async function endPending(actor: Actor, row: Connection, attempt: Attempt, error: ProviderError): Promise<void> {
  await transaction(async (tx) => {
    await finishAttempt(tx, attempt.id, {
      outcome: outcomeOf(error),
      troubleCode: error.code,
      customerText: error.detail.customerText ?? null,
      resultId: null,
    });
    await beginRevoking(tx, row.id, { reach: "token", reason: error.code, by: "system" });
    const facts = { trouble: error.trouble, code: error.code };
    await insertEvent(tx, {
      kind: "attempt.failed",
      actor,
      merchantId: row.merchantId,
      attemptId: attempt.id,
      connectionId: attempt.connectionId,
      facts,
    });
  });
}
