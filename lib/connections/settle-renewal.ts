import { database, type Tx, transaction } from "@/db/client";
import { type Connection, lockConnection, settleFailed, settleRenewed } from "@/db/connections";
import { insertEvent } from "@/db/events";
import type { Actor } from "@/lib/auth/actor";
import { crossing } from "@/lib/crash-point";
import { log } from "@/lib/log";
import { persist } from "@/lib/persist";
import type { Issued, Provider } from "@/lib/providers/contract";
import type { ProviderError } from "@/lib/providers/provider-error";
import { isHeld } from "./is-held";
import { keepLate } from "./keep-late";
import { DOUBT_S, leaseOf } from "./lease";
import { backoffS, nextRefresh } from "./next-refresh";
import { promoteCandidate } from "./promote-candidate";
import { restoredFact } from "./restored-fact";
import { sealIssued } from "./sealed-grant";

/** As long as nobody else spends: a database that fails over takes a minute, and what a platform issued exists only here. */
const PERSIST_MS = DOUBT_S * 1000;

/** Commits what a refresh brought. False: the lease was lost, and it was kept beside the row instead. */
export async function settleIssued(actor: Actor, row: Connection, issued: Issued, provider: Provider, now: Date): Promise<boolean> {
  const grant = sealIssued(issued, row, row.scopes);
  const due = nextRefresh(provider.policy(grant.renewable), now, issued.expiresAt);
  const generation = row.generation + (issued.access === null ? 0 : 1);
  const changed: Record<string, string> = sameWords(grant.scopes, row.scopes) ? {} : { scopes: grant.scopes.join(" ") };
  // By its epoch the journal knows later that this call was committed, whatever came after it.
  const facts = { generation, epoch: row.epoch, ...changed };
  const event = { kind: "connection.renewed", actor, merchantId: row.merchantId, connectionId: row.id, facts };
  const told = row.status === "pending" ? null : event;
  const keep = async (tx: Tx): Promise<boolean> => {
    const found = await lockConnection(tx, row.id);
    // An earlier try was committed, and only its answer was lost; or somebody settled it from the journal.
    if (found && (await isHeld(tx, found, issued))) return true;
    await keepLate(tx, actor, row, issued, found);
    return false;
  };
  return crossing("renew.settle", () =>
    persist(
      async () => (await settleRenewed(database(), row.id, leaseOf(row), row.epoch, grant, due, true, told)) || transaction(keep),
      PERSIST_MS,
    ),
  );
}

/** A platform may take permissions back, or give more, without a word. */
function sameWords(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((one) => others.includes(one));
}

/** Commits what a refresh came to when it brought nothing. `once`: the call may have spent the grant, so doubt keeps everybody off. */
export async function settleFailure(actor: Actor, row: Connection, error: ProviderError, once: boolean): Promise<void> {
  await crossing("renew.fail", () => transaction((tx) => noteFailure(tx, actor, row, error, once)));
}

/** Commits a refusal; where a kept grant takes the place of what was refused, false instead. */
export async function settleRefusal(actor: Actor, row: Connection, refusal: ProviderError): Promise<boolean> {
  return crossing("renew.refuse", () =>
    transaction(async (tx) => {
      if (await promoteCandidate(tx, row, leaseOf(row))) return false;
      await noteFailure(tx, actor, row, refusal, false);
      return true;
    }),
  );
}

async function noteFailure(tx: Tx, actor: Actor, row: Connection, error: ProviderError, once: boolean): Promise<void> {
  // What cannot be spent cannot have been lost either.
  const trouble = error.trouble === "doubt" && !once ? "transient" : error.trouble;
  const demote = (trouble === "reconnect" || trouble === "declined") && row.status === "active";
  const keepSent = trouble === "doubt";
  log.warn("renewal_failed", { connection: row.id, offer: row.offer, trouble, cause: error.code });
  const again = backoffS(row.failures, error.detail.retryAfterS);
  // What an earlier call came to is not known any better because the next one did not get through.
  const still = row.trouble === "doubt" && (trouble === "transient" || trouble === "operator");
  const failure = {
    trouble: still ? "doubt" : trouble,
    code: still ? (row.troubleCode ?? error.code) : error.code,
    customerText: error.detail.customerText ?? null,
    // A platform that answers everybody with an error is asked ever more rarely, and not by everybody at once.
    waitS: keepSent ? DOUBT_S + again : again,
    demote,
    keepSent,
  };
  const settled = await settleFailed(tx, row.id, leaseOf(row), row.epoch, failure);
  // The first failure is told, the ones that follow are not: the row counts them.
  if (!settled || row.status === "pending" || !(demote || row.failures === 0)) return;
  const kind = demote ? "connection.needs_reconnect" : "connection.renewal_failed";
  const facts = { trouble, code: error.code, ...(demote ? await restoredFact(tx, row.issuedAt) : {}) };
  await insertEvent(tx, { kind, actor, merchantId: row.merchantId, connectionId: row.id, facts });
}
