import { and, eq, inArray, sql } from "drizzle-orm";
import type { Executor, Tx } from "./client";
import type { Connection, SealedGrant } from "./connections";
import { connections } from "./schema";

/** The live row that already holds an account, whoever's it is. */
export async function findHolder(db: Executor, offer: string, environment: string, accountId: string): Promise<Connection | null> {
  const [row] = await db
    .select()
    .from(connections)
    .where(
      and(
        eq(connections.offer, offer),
        eq(connections.environment, environment),
        eq(connections.accountId, accountId),
        inArray(connections.status, ["active", "reconnect"]),
      ),
    );
  return row ?? null;
}

export type Proven = {
  accountId: string | null;
  accountLabel: string | null;
  environment: string;
  scopes: string[];
  connectedBy: string;
  nextRefreshAt: Date | null;
  expiresAt: Date | null;
  proved: boolean;
  /** Seconds until the platform is asked again. */
  nextProofS: number;
};

const fresh = {
  leaseId: null,
  leaseUntil: null,
  sentAt: null,
  failures: 0,
  firstFailureAt: null,
  trouble: null,
  troubleCode: null,
  troubleAt: null,
  customerText: null,
} as const;

const ofProven = ({ proved, nextProofS, ...proven }: Proven) => ({
  ...proven,
  connectedAt: sql`app_now()`,
  lastProofAt: proved ? sql`app_now()` : null,
  nextProofAt: sql`app_now() + make_interval(secs => ${nextProofS})`,
  updatedAt: sql`app_now()`,
});

/** A pending row becomes a connection. False: it is not pending any more. Throws on the account's unique index when another was first. */
export async function activatePending(tx: Tx, id: string, proven: Proven): Promise<boolean> {
  const rows = await tx
    .update(connections)
    .set({ ...fresh, ...ofProven(proven), status: "active" })
    .where(and(eq(connections.id, id), eq(connections.status, "pending")))
    .returning({ id: connections.id });
  return rows.length > 0;
}

/**
 * An existing connection takes over what a pending row proved; its epoch moves on, so a renewal on its way is fenced out. `sentAt`: its
 * own renewal stays, and was spent then without an answer so far.
 */
export async function rejoin(tx: Tx, id: string, grant: SealedGrant & { sentAt?: Date | null }, proven: Proven): Promise<boolean> {
  const rows = await tx
    .update(connections)
    .set({
      ...fresh,
      ...grant,
      ...ofProven(proven),
      status: "active",
      issuedAt: sql`app_now()`,
      generation: sql`${connections.generation} + 1`,
      epoch: sql`${connections.epoch} + 1`,
    })
    .where(and(eq(connections.id, id), inArray(connections.status, ["active", "reconnect"])))
    .returning({ id: connections.id });
  return rows.length > 0;
}

/** A pending row that waits for a person: another account came back, or somebody else holds it. */
export async function park(
  tx: Tx,
  id: string,
  parked: { accountId: string | null; accountLabel: string | null; environment: string; troubleCode: string },
): Promise<void> {
  await tx
    .update(connections)
    .set({ ...parked, trouble: "declined", troubleAt: sql`app_now()`, leaseId: null, leaseUntil: null, updatedAt: sql`app_now()` })
    .where(and(eq(connections.id, id), eq(connections.status, "pending")));
}

/** The platform is to be asked again later. */
export async function postponePending(db: Executor, id: string, waitS: number): Promise<void> {
  await db
    .update(connections)
    .set({
      nextRefreshAt: sql`app_now() + make_interval(secs => ${waitS})`,
      failures: sql`${connections.failures} + 1`,
      firstFailureAt: sql`coalesce(${connections.firstFailureAt}, app_now())`,
    })
    .where(and(eq(connections.id, id), eq(connections.status, "pending")));
}

/** A pending row whose secrets moved elsewhere or ended; rows that were never connected leave nothing behind but events. */
export async function deletePending(tx: Tx, id: string): Promise<void> {
  await tx.delete(connections).where(and(eq(connections.id, id), eq(connections.status, "pending")));
}

/**
 * Pending rows that nobody is at: to be carried on (their attempt is unfinished) or, `parked` for a day, to be ended. One that another
 * merchant's connection stands against waits for support.
 */
export async function waitingPending(db: Executor, limit: number): Promise<{ id: string; parked: boolean }[]> {
  const answer = await db.execute<{ id: string; parked: boolean }>(sql`
    select c.id, a.status is distinct from 'issued' as parked
    from connections c left join attempts a on a.id = c.attempt_id
    where c.status = 'pending'
      and (c.lease_until is null or c.lease_until <= app_now())
      and (c.sent_at is null or c.sent_at <= app_now() - interval '2 minutes')
      and (c.next_refresh_at is null or c.next_refresh_at <= app_now())
      and (a.status = 'issued' and c.created_at <= app_now() - interval '5 seconds'
        or a.status is distinct from 'issued' and a.outcome is distinct from 'held_elsewhere'
          and coalesce(a.finished_at, c.created_at) <= app_now() - interval '1 day')
    order by c.created_at
    limit ${limit}`);
  return answer.rows;
}
