import { claimConnection, handBack, markSent, releaseLease } from "@/db/claims";
import { database } from "@/db/client";
import { type Connection, findConnection } from "@/db/connections";
import type { ConnectionStatus } from "@/db/schema";
import type { Actor } from "@/lib/auth/actor";
import { crashPoint, crossing } from "@/lib/crash-point";
import { inFlight } from "@/lib/in-flight";
import { type Keeping, keepAnswers } from "@/lib/journal/keep-answers";
import { offer as findOffer } from "@/lib/offers/offers";
import type { Grant, Io, Issued, Provider } from "@/lib/providers/contract";
import { ProviderError } from "@/lib/providers/provider-error";
import { observed } from "@/lib/telemetry/observed";
import { endLeftGrants } from "./end-left-grants";
import { DOUBT_S, LEASE_S, leaseOf, newLease } from "./lease";
import { type OpenIo, openIo } from "./open-io";
import { openGrant } from "./sealed-grant";
import { settleFailure, settleIssued, settleRefusal } from "./settle-renewal";
import { NOT_NOW, troubleOf } from "./trouble-of";
import { PAUSED, withClient } from "./with-client";

/** `busy`: another holder is at it, has been faster, or its outcome is in doubt. */
export type Renewed = { kind: "renewed" } | { kind: "busy" } | { kind: "failed"; error: ProviderError };

/** A turn that was not free, with nothing said about when one will be. */
const UNTOLD_WAIT_S = 5;

/**
 * One refresh under the connection's lease: claim, commit "sent", call, settle where the epoch is still mine. No transaction is
 * open during the call. With `generation` only while that access is the newest.
 */
export async function renewOnce(
  actor: Actor,
  id: string,
  statuses: ConnectionStatus[],
  open: OpenIo = openIo,
  generation: number | null = null,
): Promise<Renewed> {
  const row = await crossing("renew.claim", () => claimConnection(database(), id, newLease(), LEASE_S, DOUBT_S, statuses, generation));
  return row ? renewClaimed(actor, row, open) : { kind: "busy" };
}

/** The same for a row that is claimed already. */
export function renewClaimed(actor: Actor, row: Connection, open: OpenIo = openIo): Promise<Renewed> {
  const facts = { offer: row.offer, connection: row.id };
  return inFlight(observed("renewal", facts, () => carryOut(actor, row, open), wordOf));
}

const wordOf = (renewed: Renewed): string => (renewed.kind === "failed" ? renewed.error.trouble : renewed.kind);

/** Nothing was sent, so nothing was learnt of anybody. */
class LeaseLost extends Error {}

async function carryOut(actor: Actor, row: Connection, open: OpenIo): Promise<Renewed> {
  crashPoint("renew.claimed");
  // A person waits for what is being connected, whoever carries it on.
  const connecting = row.status === "pending";
  const background = actor.kind === "system" && !connecting;
  let once = false;
  let keeping: Keeping | null = null;
  try {
    const offer = findOffer(row.offer);
    const grant = openGrant(row);
    const about = { offer: row.offer, merchantId: row.merchantId, connectionId: row.id, leaseId: leaseOf(row), epoch: row.epoch };
    keeping = keepAnswers({ kind: "renewal", ...about, grant });
    const io = await open(offer, { merchantId: row.merchantId, connectionId: row.id, background, connecting, keeping });
    once = offer.provider.spendsOnce(grant);
    const issued = await withClient(row.offer, async () => {
      if (once && !(await markSent(database(), row.id, leaseOf(row), row.epoch))) throw new LeaseLost();
      crashPoint("renew.sent");
      return refresh(offer.provider, grant, io);
    });
    crashPoint("renew.answered");
    const settled = await settleIssued(actor, row, issued, offer.provider, io.now());
    keeping.committed();
    crashPoint("renew.settled");
    // A revocation that began meanwhile ends this too.
    if (!settled) await endLeftGrants(row.id, open);
    return { kind: "renewed" };
  } catch (error) {
    if (error instanceof LeaseLost) return { kind: "busy" };
    if (error instanceof ProviderError) keeping?.nothing();
    const failure = troubleOf(error);
    if (failure) return settleTrouble(actor, row, failure, once, open);
    // A bug: what may have been spent stays in doubt, anything else is not tried again at once.
    if (!once) await settleFailure(actor, row, new ProviderError("transient", "internal"), false);
    throw error;
  } finally {
    keeping?.end();
  }
}

async function settleTrouble(actor: Actor, row: Connection, failure: ProviderError, once: boolean, open: OpenIo): Promise<Renewed> {
  // Nothing was sent, and nothing is known of this connection that was not known before.
  if (failure.code === PAUSED) await crossing("renew.release", () => releaseLease(database(), row.id, leaseOf(row)));
  else if (NOT_NOW.has(failure.code))
    await crossing("renew.hand_back", () => handBack(database(), row.id, leaseOf(row), failure.detail.retryAfterS ?? UNTOLD_WAIT_S));
  else if (failure.trouble === "reconnect" || failure.trouble === "declined") return believeRefusal(actor, row, failure, once, open);
  else await settleFailure(actor, row, failure, once);
  return { kind: "failed", error: failure };
}

/** A refusal is about what was sent. It is believed only while nothing newer is held for the connection: its own, or a kept one. */
async function believeRefusal(actor: Actor, row: Connection, refusal: ProviderError, once: boolean, open: OpenIo): Promise<Renewed> {
  const now = await findConnection(database(), row.id);
  if (now?.epoch !== row.epoch || now.leaseId !== row.leaseId) return { kind: "busy" };
  // The one try after a lost answer: what was issued then is gone, and its place is known to be empty.
  const lost = once && row.trouble === "doubt" && refusal.trouble === "reconnect";
  const told = lost ? new ProviderError("reconnect", "outcome_lost", refusal.detail) : refusal;
  if (await settleRefusal(actor, row, told)) return { kind: "failed", error: told };
  return renewOnce(actor, row.id, [row.status === "pending" ? "pending" : "active"], open);
}

async function refresh(provider: Provider, grant: Grant, io: Io): Promise<Issued> {
  const issued = await crossing("renew.call", () => provider.refresh(grant, io));
  if (issued.access === null && issued.renewal === null) throw new ProviderError("transient", "nothing_issued");
  return issued;
}
