import { database, type Tx, transaction } from "@/db/client";
import { anyLive, type Connection, dropGrants, findCandidates, findSiblings } from "@/db/connections";
import { insertEvent } from "@/db/events";
import { newId } from "@/db/new-id";
import { dropSessionUses } from "@/db/platform-sessions";
import { claimRevocation, finishRevoking, postponeRevocation } from "@/db/revocations";
import { worker } from "@/lib/auth/actor";
import { crashPoint, crossing } from "@/lib/crash-point";
import { inFlight } from "@/lib/in-flight";
import { log } from "@/lib/log";
import { offer as findOffer } from "@/lib/offers/offers";
import { samePlatform } from "@/lib/offers/same-platform";
import { persist } from "@/lib/persist";
import type { Grant, Provider } from "@/lib/providers/contract";
import { ProviderError } from "@/lib/providers/provider-error";
import { observed } from "@/lib/telemetry/observed";
import { VaultError } from "@/lib/vault";
import { endSiblings } from "./end-siblings";
import { backoffS } from "./next-refresh";
import { type OpenIo, openIo } from "./open-io";
import { openCandidate, openGrant } from "./sealed-grant";
import { NOT_NOW, troubleOf } from "./trouble-of";
import { PAUSED, withClient } from "./with-client";

type Candidate = Awaited<ReturnType<typeof findCandidates>>[number];

const LEASE_S = 30;
/** A row that never was a connection is let go after so many tries (about a day): nobody waits for it. */
const MOST_TRIES_UNCONNECTED = 40;

/**
 * Tells the platform that a `revoking` row has ended, then erases it. What is not confirmed stays `revoking` and is retried. `background`:
 * nobody waits for it.
 */
export function tellPlatform(id: string, open: OpenIo = openIo, background = false): Promise<void> {
  return inFlight(tell(id, background ? (offer, context) => open(offer, { ...context, background }) : open));
}

async function tell(id: string, open: OpenIo): Promise<void> {
  const leaseId = newId("lease");
  const row = await crossing("revoke.claim", () => claimRevocation(database(), id, leaseId, LEASE_S));
  if (!row) return;
  crashPoint("revoke.claimed");
  await observed("revocation", { offer: row.offer, connection: row.id }, () => carryOut(row, leaseId, open), String);
}

/** Resolves to how it came out, in a word. */
async function carryOut(row: Connection, leaseId: string, open: OpenIo): Promise<string> {
  const candidates = await findCandidates(database(), row.id);
  const told = candidates.map((candidate) => candidate.id);
  try {
    const confirmed = row.revokeReach === "here" ? "local" : await revokeAll(row, candidates, open);
    crashPoint("revoke.answered");
    // Before the row is done: a process that dies here does all of it again.
    if (confirmed === "remote") await endSiblings(row, open);
    await erase(row, confirmed, told);
    return confirmed;
  } catch (error) {
    const trouble = troubleOf(error);
    if (!trouble) throw error;
    if (row.connectedAt === null && row.revokeTries >= MOST_TRIES_UNCONNECTED) {
      await erase(row, "local", told);
      return "let_go";
    }
    await postpone(row, leaseId, trouble);
    return trouble.trouble;
  }
}

async function revokeAll(row: Connection, candidates: readonly Candidate[], open: OpenIo): Promise<"remote" | "local"> {
  const { provider, ...offer } = findOffer(row.offer);
  const reach = await safeReach(row, provider.revocation);
  if (reach === "here") return "local";
  const io = await open({ ...offer, provider }, { merchantId: row.merchantId, connectionId: row.id });
  let confirmed: "remote" | "local" = "remote";
  for (const grant of grantsOf(row, candidates)) {
    // A grant that the platform no longer knows has ended: RFC 7009 section 2.2.
    const answer = await withClient(row.offer, () => crossing("revoke.call", () => provider.revoke(grant, io, reach))).catch(
      (error: unknown) => {
        if (error instanceof ProviderError && error.trouble === "reconnect") return "remote" as const;
        throw error;
      },
    );
    if (answer === "local") confirmed = "local";
  }
  return confirmed;
}

/**
 * Never more than was asked for, and never a live connection that nobody asked to end: one made since, or the one whose pending twin is
 * let go. Where the platform has nothing narrower, only our copy is erased.
 */
async function safeReach(row: Connection, revocation: Provider["revocation"]): Promise<"authorization" | "token" | "here"> {
  if (row.revokeReach === "token" && revocation.tokenOnly) return "token";
  if (!revocation.endsSiblings || !(await othersLive(row))) return "authorization";
  return revocation.tokenOnly ? "token" : "here";
}

async function othersLive(row: Connection): Promise<boolean> {
  // Of a half-made row without an account it is not known whose it is.
  if (row.connectedAt === null && row.accountId === null) return anyLive(database(), row.offer);
  const since = row.connectedAt === null ? 0 : (row.revokeAskedAt?.getTime() ?? 0);
  const siblings = await findSiblings(database(), row, samePlatform(row.offer));
  return siblings.some((sibling) => (sibling.connectedAt?.getTime() ?? -1) > since);
}

/** The row's own grant and those that fenced-out holders won. One that cannot be read can only be erased here. */
function grantsOf(row: Connection, candidates: readonly Candidate[]): Grant[] {
  const readable = (open: () => Grant): Grant[] => {
    try {
      return [open()];
    } catch (error) {
      if (error instanceof VaultError && error.code !== "unknown_key") return [];
      throw error;
    }
  };
  const grants = [...readable(() => openGrant(row)), ...candidates.flatMap((candidate) => readable(() => openCandidate(candidate, row)))];
  return grants.filter((grant) => grant.access !== null || grant.renewal !== null);
}

/** Erases the row's secrets and the candidates that were told; one that came in meanwhile is given back by the job. */
async function erase(row: Connection, confirmed: "remote" | "local", told: readonly string[]): Promise<void> {
  const write = async (tx: Tx): Promise<void> => {
    if (!(await finishRevoking(tx, row.id, confirmed))) return;
    await dropGrants(tx, told);
    await dropSessionUses(tx, row.id);
    const kind = row.connectedAt === null ? "grant.given_back" : "connection.revoked";
    // Whoever has to end it at the platform by hand must know which account it was.
    const facts = { confirmed, account: row.accountId };
    await insertEvent(tx, { kind, actor: worker, merchantId: row.merchantId, connectionId: row.id, facts });
  };
  await crossing("revoke.erase", () => persist(() => transaction(write)));
}

async function postpone(row: Connection, leaseId: string, error: ProviderError): Promise<void> {
  log.warn("revocation_unconfirmed", {
    connection: row.id,
    offer: row.offer,
    trouble: error.trouble,
    cause: error.code,
    tries: row.revokeTries,
  });
  await crossing("revoke.postpone", () =>
    transaction(async (tx) => {
      // What was never sent was no try.
      const tried = error.code !== PAUSED && !NOT_NOW.has(error.code);
      const waitS = backoffS(row.revokeTries, error.detail.retryAfterS);
      await postponeRevocation(tx, row.id, leaseId, waitS, { trouble: error.trouble, code: error.code, tried });
      if (!tried || row.revokeTries !== 1 || row.connectedAt === null) return;
      await insertEvent(tx, {
        kind: "connection.revoke_unconfirmed",
        actor: worker,
        merchantId: row.merchantId,
        connectionId: row.id,
        facts: { code: error.code },
      });
    }),
  );
}
