import { activatePending, deletePending, findHolder, park, rejoin } from "@/db/activate";
import { type Attempt, findNewer, finishAttempt } from "@/db/attempts";
import type { Tx } from "@/db/client";
import { transaction } from "@/db/client";
import { type Connection, lockConnection } from "@/db/connections";
import { DatabaseError } from "@/db/database-error";
import { insertEvent } from "@/db/events";
import { dropSessionUses, moveSessionUses } from "@/db/platform-sessions";
import type { AttemptOutcome } from "@/db/schema";
import { findWinner } from "@/db/starter-attempts";
import { worker } from "@/lib/auth/actor";
import { crossing } from "@/lib/crash-point";
import { spendLink } from "@/lib/links/spend-link";
import { type Starter, starterOf } from "@/lib/links/starter";
import { offer as findOffer } from "@/lib/offers/offers";
import { persist } from "@/lib/persist";
import type { Account } from "@/lib/providers/contract";
import { nextProofS } from "./next-proof";
import { nextRefresh } from "./next-refresh";
import { replaced } from "./replaced";
import { moveGrant } from "./sealed-grant";

/**
 * Decides what a proven pending row becomes: a new connection, the renewed old one, or parked because another account came back
 * or somebody else holds this one. All in one transaction; two that race for an account meet at its unique index.
 */
export async function activate(row: Connection, attempt: Attempt, account: Account): Promise<void> {
  for (let round = 0; ; round += 1) {
    try {
      await crossing("connect.activate", () => persist(() => transaction((tx) => decide(tx, row.id, attempt, account))));
      return;
    } catch (error) {
      const raced = error instanceof Moved || (error instanceof DatabaseError && error.code === "23505");
      if (!raced || round > 4) throw error;
    }
  }
}

/** The connection that was to take the grant over ended meanwhile: to be decided again. */
class Moved extends Error {}

async function decide(tx: Tx, id: string, attempt: Attempt, account: Account): Promise<void> {
  const row = await lockConnection(tx, id);
  if (row?.status !== "pending") return;
  const starter = await starterOf(tx, attempt);
  // A link makes one connection, however many attempts of it come to their end.
  if (starter.link?.usedAt) return replaced(tx, row, attempt, await findWinner(tx, starter.link.id));
  const environment = account.environment ?? row.environment;
  const target = attempt.connectionId ? await lockConnection(tx, attempt.connectionId) : null;
  const newer = target && (await findNewer(tx, attempt.id));
  if (newer) return replaced(tx, row, attempt, newer);
  const holder = account.id === null ? null : await findHolder(tx, row.offer, environment, account.id);
  if (holder && holder.merchantId !== row.merchantId) return setAside(tx, row, attempt, account, "held_elsewhere");
  if (target && (target.accountId ?? account.id) !== (account.id ?? target.accountId))
    return setAside(tx, row, attempt, account, "different_account");
  const found = holder ?? (target && (target.status === "active" || target.status === "reconnect") ? target : null);
  // Locked, so that no renewal settles between reading its grant and replacing it.
  const keep = found && (await lockConnection(tx, found.id));
  const renewal = keep && heldRenewal(row, keep, account);
  const { provider } = findOffer(row.offer);
  const issuedAt = row.issuedAt ?? row.createdAt;
  const expiresAt = account.expiresAt === undefined ? row.expiresAt : account.expiresAt;
  const policy = provider.policy(row.renewable || renewal !== null);
  const proven = {
    // A platform that names no account this time has not taken the known one back.
    accountId: account.id ?? row.accountId ?? keep?.accountId ?? null,
    accountLabel: account.label ?? keep?.accountLabel ?? null,
    environment,
    scopes: [...(account.scopes ?? row.scopes)],
    connectedBy: attempt.userId,
    nextRefreshAt: nextRefresh(policy, issuedAt, expiresAt),
    expiresAt,
    proved: account.unproved !== true,
    nextProofS: nextProofS(policy, expiresAt),
  };
  if (keep) {
    if (!(await rejoin(tx, keep.id, { ...moveGrant(row, keep), ...renewal, expiresAt }, proven))) throw new Moved();
    await moveSessionUses(tx, row.id, keep.id);
    await dropSessionUses(tx, row.id);
    await deletePending(tx, row.id);
    return settle(tx, row, attempt, keep.id, "renewed", starter);
  }
  if (!(await activatePending(tx, row.id, proven))) throw new Moved();
  return settle(tx, row, attempt, row.id, "connected", starter);
}

/** Some platforms issue a refresh token once and never again: one that was not refused goes on renewing the same account's access. */
function heldRenewal(row: Connection, keep: Connection, account: Account) {
  const same = account.id !== null && keep.accountId === account.id;
  if (row.renewable || !same || keep.status !== "active" || keep.renewal === null) return null;
  const { renewal, renewable, renewableUntil, sentAt } = keep;
  return { renewal, renewable, renewableUntil, sentAt };
}

async function settle(
  tx: Tx,
  row: Connection,
  attempt: Attempt,
  connectionId: string,
  outcome: AttemptOutcome,
  starter: Starter,
): Promise<void> {
  await finishAttempt(tx, attempt.id, { outcome, resultId: connectionId });
  await spendLink(tx, starter, attempt, connectionId);
  await insertEvent(tx, {
    kind: outcome === "renewed" ? "connection.reconnected" : "connection.connected",
    actor: starter.actor,
    merchantId: row.merchantId,
    connectionId,
    attemptId: attempt.id,
  });
}

async function setAside(
  tx: Tx,
  row: Connection,
  attempt: Attempt,
  account: Account,
  outcome: "held_elsewhere" | "different_account",
): Promise<void> {
  await park(tx, row.id, {
    accountId: account.id,
    accountLabel: account.label,
    environment: account.environment ?? row.environment,
    troubleCode: outcome,
  });
  await finishAttempt(tx, attempt.id, { outcome, resultId: row.id, troubleCode: outcome });
  // The connection that was to be reconnected stays as it was; its merchant learns nothing about another holder.
  await insertEvent(tx, {
    kind: `attempt.${outcome}`,
    actor: worker,
    merchantId: row.merchantId,
    connectionId: row.id,
    attemptId: attempt.id,
  });
}
