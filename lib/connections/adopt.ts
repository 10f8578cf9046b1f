import { postponePending } from "@/db/activate";
import { type Attempt, findAttempt, findNewer, finishAttempt } from "@/db/attempts";
import { database, transaction } from "@/db/client";
import { type Connection, findConnection } from "@/db/connections";
import { insertEvent } from "@/db/events";
import { worker } from "@/lib/auth/actor";
import { crossing } from "@/lib/crash-point";
import { inFlight } from "@/lib/in-flight";
import { ProviderError } from "@/lib/providers/provider-error";
import { activate } from "./activate";
import { canRenew } from "./can-renew";
import { endPending } from "./end-pending";
import { backoffS } from "./next-refresh";
import { type OpenIo, openIo } from "./open-io";
import { proveHeld } from "./prove";
import { renewOnce } from "./renew-once";
import { replaced } from "./replaced";
import { tellPlatform } from "./tell-platform";
import { STALE } from "./trouble-of";

/** `waiting`: another process is at it, or the platform is to be asked again later; a job carries on. */
export type Adopted = { kind: "done" } | { kind: "waiting"; retryAfterS: number } | { kind: "ended"; error: ProviderError };

const STEPS = 6;
const LATER_S = 5;
/** A call that may have been carried out is repeated once, and then never again (two are enough to leave two accounts behind). */
const MOST_DOUBTS = 2;

/**
 * Carries a pending row on until it is a connection: refresh until access is there (each answer committed before the next call),
 * prove it, activate it or rejoin the row that already holds the account. Safe to call by anyone at any time.
 */
export function adopt(id: string, open: OpenIo = openIo): Promise<Adopted> {
  return inFlight(
    carryOn(id, open).catch(async (error: unknown) => {
      // A bug is not tried again at once.
      await crossing("connect.postpone_bug", () => postponePending(database(), id, 60));
      throw error;
    }),
  );
}

async function carryOn(id: string, open: OpenIo): Promise<Adopted> {
  for (let step = 0; step < STEPS; step += 1) {
    const row = await findConnection(database(), id);
    const attempt = row?.attemptId ? await findAttempt(database(), row.attemptId) : null;
    if (row?.status !== "pending" || attempt?.status !== "issued") return { kind: "done" };
    const newer = attempt.connectionId && (await findNewer(database(), attempt.id));
    if (newer) {
      await crossing("connect.replace", () => transaction((tx) => replaced(tx, row, attempt, newer)));
      await tellPlatform(row.id, open);
      return { kind: "done" };
    }
    if (row.access === null) {
      const renewed = await renewOnce(worker, id, ["pending"], open);
      if (renewed.kind === "busy") return { kind: "waiting", retryAfterS: LATER_S };
      if (renewed.kind === "failed") return settleTrouble(row, attempt, renewed.error, open);
      continue;
    }
    const proof = await proveHeld(row, open);
    if (proof === "busy") return { kind: "waiting", retryAfterS: LATER_S };
    const refused = proof instanceof ProviderError ? proof : null;
    // A session that ended or a token that ran out meanwhile is fetched anew; a grant that cannot be renewed has no second chance.
    const anew = refused
      ? (STALE.has(refused.code) || refused.trouble === "reconnect") && row.generation < 2
      : (proof as { stale?: true }).stale;
    if (anew && canRenew(row) && step < STEPS - 2) {
      const renewed = await renewOnce(worker, id, ["pending"], open);
      if (renewed.kind === "failed") return settleTrouble(row, attempt, renewed.error, open);
      continue;
    }
    if (proof instanceof ProviderError) return settleTrouble(row, attempt, proof, open);
    await activate(row, attempt, proof);
    return { kind: "done" };
  }
  return { kind: "waiting", retryAfterS: LATER_S };
}

async function settleTrouble(row: Connection, attempt: Attempt, error: ProviderError, open: OpenIo): Promise<Adopted> {
  const passing = error.trouble === "transient" || (error.trouble === "doubt" && row.failures + 1 < MOST_DOUBTS);
  // A field that was typed wrong is the person's to mend, whatever kept the platform from saying so.
  if (passing && !error.detail.fields) {
    const waitS = error.detail.retryAfterS ?? backoffS(row.failures);
    await crossing("connect.postpone", () => postponePending(database(), row.id, waitS));
    return { kind: "waiting", retryAfterS: waitS };
  }
  if (error.trouble === "operator" && attempt.stateHash !== null) {
    await setAside(row, attempt, error);
    return { kind: "ended", error };
  }
  await endPending(worker, row, attempt, error);
  await tellPlatform(row.id, open);
  return { kind: "ended", error };
}

/** Our own fault, and a grant that may be good: the merchant is told, support sees the parked row, and nothing is given back for a day. */
async function setAside(row: Connection, attempt: Attempt, error: ProviderError): Promise<void> {
  await crossing("connect.set_aside", () =>
    transaction(async (tx) => {
      await finishAttempt(tx, attempt.id, { outcome: "our_fault", troubleCode: error.code, resultId: null });
      const facts = { trouble: error.trouble, code: error.code };
      await insertEvent(tx, {
        kind: "attempt.failed",
        actor: worker,
        merchantId: row.merchantId,
        attemptId: attempt.id,
        connectionId: row.id,
        facts,
      });
    }),
  );
}
