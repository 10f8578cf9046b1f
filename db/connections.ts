import { and, eq, inArray, ne, sql } from "drizzle-orm";
import { mine, touched, unleased } from "./claims";
import type { Executor, Tx } from "./client";
import { changeTold, type NewEvent } from "./events";
import { connections, grants } from "./schema";
import type { Sealed } from "./sealed";

export type Connection = typeof connections.$inferSelect;

/** New credentials for a row, sealed for it. */
export type SealedGrant = {
  access: Sealed | null;
  renewal: Sealed | null;
  renewable: boolean;
  expiresAt: Date | null;
  renewableUntil: Date | null;
  scopes: string[];
};

const untroubled = { failures: 0, firstFailureAt: null, trouble: null, troubleCode: null, troubleAt: null, customerText: null } as const;
export async function findConnection(db: Executor, id: string): Promise<Connection | null> {
  const [row] = await db.select().from(connections).where(eq(connections.id, id));
  return row ?? null;
}

/** Holds what an exchange issued until the account behind it is known. */
export async function insertPending(
  tx: Tx,
  row: Pick<typeof connections.$inferInsert, "id" | "merchantId" | "offer" | "provider" | "environment" | "label" | "attemptId">,
  grant: SealedGrant,
): Promise<void> {
  await tx.insert(connections).values({ ...row, ...grant, status: "pending", issuedAt: sql`app_now()`, generation: grant.access ? 1 : 0 });
}

/**
 * Stores what a refresh brought, where the epoch is still mine. False: fenced out. `proved` false: the access was not heard from the
 * platform just now. With an `event` that is told in the same statement.
 */
export async function settleRenewed(
  db: Executor,
  id: string,
  leaseId: string,
  epoch: number,
  grant: SealedGrant,
  nextRefreshAt: Date | "now" | null,
  proved = true,
  event: NewEvent | null = null,
): Promise<boolean> {
  const change = db
    .update(connections)
    .set({
      ...grant,
      ...unleased,
      ...untroubled,
      ...touched,
      issuedAt: sql`app_now()`,
      lastProofAt: grant.access && proved ? sql`app_now()` : connections.lastProofAt,
      generation: grant.access ? sql`${connections.generation} + 1` : connections.generation,
      // One that had been put aside is asked about again as well.
      nextProofAt: sql`case when ${connections.status} = 'pending' then null else coalesce(${connections.nextProofAt}, app_now()) end`,
      status: sql`case when ${connections.status} = 'reconnect' then 'active' else ${connections.status} end`,
      nextRefreshAt: nextRefreshAt === "now" ? sql`app_now()` : nextRefreshAt,
    })
    .where(and(mine(id, leaseId, epoch), inArray(connections.status, ["pending", "active", "reconnect"])))
    .returning({ id: connections.id });
  return event === null ? (await change).length > 0 : changeTold(db, change, event);
}

export type Failure = {
  trouble: string;
  code: string;
  customerText: string | null;
  waitS: number;
  demote: boolean;
  keepSent: boolean;
};

/** Notes a failed refresh. `demote`: only the owner can help; `keepSent`: the outcome is in doubt and nobody spends again yet. */
export async function settleFailed(tx: Tx, id: string, leaseId: string, epoch: number, failure: Failure): Promise<boolean> {
  const rows = await tx
    .update(connections)
    .set({
      ...touched,
      ...unleased,
      ...(failure.keepSent ? { sentAt: connections.sentAt } : {}),
      failures: sql`${connections.failures} + 1`,
      firstFailureAt: sql`coalesce(${connections.firstFailureAt}, app_now())`,
      trouble: failure.trouble,
      troubleCode: failure.code,
      troubleAt: sql`app_now()`,
      customerText: failure.customerText,
      nextRefreshAt: sql`app_now() + make_interval(secs => ${failure.waitS})`,
      ...(failure.demote
        ? { status: sql`case when ${connections.status} = 'active' then 'reconnect' else ${connections.status} end` }
        : {}),
    })
    .where(mine(id, leaseId, epoch))
    .returning({ id: connections.id });
  return rows.length > 0;
}

/** What a holder won after it had lost the lease: kept, and tried before anyone is asked to reconnect. */
export async function keepCandidate(tx: Tx, row: typeof grants.$inferInsert): Promise<void> {
  await tx.insert(grants).values(row);
}

export async function findCandidates(db: Executor, connectionId: string): Promise<(typeof grants.$inferSelect)[]> {
  return db.select().from(grants).where(eq(grants.connectionId, connectionId)).orderBy(sql`${grants.epoch} desc`);
}

/** Erases these and no others: one may have come in meanwhile. Resolves to whether any was there. */
export async function dropGrants(tx: Tx, ids: readonly string[]): Promise<boolean> {
  if (ids.length === 0) return false;
  const gone = await tx
    .delete(grants)
    .where(inArray(grants.id, [...ids]))
    .returning({ id: grants.id });
  return gone.length > 0;
}

/** A grant that could not be given back yet is left alone for a while. */
export async function postponeGrant(db: Executor, id: string, waitS: number): Promise<void> {
  await db
    .update(grants)
    .set({ nextAt: sql`app_now() + make_interval(secs => ${waitS})` })
    .where(eq(grants.id, id));
}

/** The row, held until the transaction ends: nobody else changes it meanwhile. */
export async function lockConnection(tx: Tx, id: string): Promise<Connection | null> {
  const [row] = await tx.select().from(connections).where(eq(connections.id, id)).for("update");
  return row ?? null;
}

/** Whether anybody's live connection at an offer could be behind a grant whose account is not known. */
export async function anyLive(db: Executor, offer: string): Promise<boolean> {
  const [row] = await db
    .select({ id: connections.id })
    .from(connections)
    .where(and(eq(connections.offer, offer), inArray(connections.status, ["active", "reconnect"])))
    .limit(1);
  return row !== undefined;
}

/** A proof that the access works. Clears nothing else: a refused renewal stays told. */
export async function noteProof(tx: Tx, id: string, account: { label: string | null; scopes: string[] | null }): Promise<void> {
  await tx
    .update(connections)
    .set({
      ...touched,
      lastProofAt: sql`app_now()`,
      ...(account.label === null ? {} : { accountLabel: account.label }),
      ...(account.scopes === null ? {} : { scopes: account.scopes }),
    })
    .where(and(eq(connections.id, id), inArray(connections.status, ["pending", "active", "reconnect"])));
}

/** Every live row of the same account at these offers of one platform but one: what a full revocation there would also end. */
export async function findSiblings(
  db: Executor,
  row: Pick<Connection, "id" | "environment" | "accountId">,
  offers: string[],
): Promise<Connection[]> {
  if (row.accountId === null) return [];
  return db
    .select()
    .from(connections)
    .where(
      and(
        inArray(connections.offer, offers),
        eq(connections.environment, row.environment),
        eq(connections.accountId, row.accountId),
        ne(connections.id, row.id),
        inArray(connections.status, ["pending", "active", "reconnect"]),
      ),
    );
}
