import { and, eq, sql } from "drizzle-orm";
import type { Executor } from "./client";
import { toldWithOthers } from "./restored-needs";
import { connections, memberships, users } from "./schema";

/** From when it began, in seconds ago, until when. */
export type Window = { fromS: number; untilS: number };

export type OwnerNeed = { connectionId: string; merchantId: string; userId: string; email: string; locale: string | null; since: string };

/** Names the time in which the owner has been needed: another one begins when the store was well in between. */
const since = sql<string>`(extract(epoch from ${connections.ownerNeededAt}) * 1000000)::bigint::text`;
const needed = sql`${connections.state} in ('needs_reconnect', 'expiring_soon')`;
const wants = (kind: string) => sql`${users.disabledAt} is null and not ${kind} = any(${users.unsubscribed})`;

/** As `deliveries.key` has it. */
export const needKey = (kind: string, { connectionId, since, userId }: Pick<OwnerNeed, "connectionId" | "since" | "userId">): string =>
  `${kind}:${connectionId}:${since}:${userId}`;

/** Who is still to be told, of this store by itself, that a store has needed them since some moment of this window. */
export async function untoldOwners(db: Executor, kind: string, { fromS, untilS }: Window, limit: number): Promise<OwnerNeed[]> {
  const ago = (seconds: number) => sql`app_now() - make_interval(secs => ${seconds})`;
  const key = sql`${`${kind}:`}::text || ${connections.id} || ':' || ${since} || ':' || ${users.id}`;
  return db
    .select({
      connectionId: connections.id,
      merchantId: connections.merchantId,
      userId: users.id,
      email: users.email,
      locale: users.locale,
      since,
    })
    .from(connections)
    .innerJoin(memberships, eq(memberships.merchantId, connections.merchantId))
    .innerJoin(users, eq(users.id, memberships.userId))
    .where(
      and(
        sql`${connections.ownerNeededAt} > ${ago(untilS)} and ${connections.ownerNeededAt} <= ${ago(fromS)}`,
        needed,
        wants(kind),
        sql`not (${kind} = 'store_needs_you' and ${toldWithOthers})`,
        sql`not exists (select from deliveries where deliveries.key = ${key})`,
      ),
    )
    .orderBy(connections.ownerNeededAt)
    .limit(limit);
}

export type CurrentNeed = {
  connection: typeof connections.$inferSelect;
  email: string;
  locale: string | null;
  /** The store needs its owner, without a break, as it did then. */
  stillNeeded: boolean;
  /** The person belongs to the store's merchant and wants to be told. */
  wanted: boolean;
  /** At this moment what is stored is in doubt, or in a state that passes. */
  inDoubt: boolean;
};

/** How that need stands now; null: the store or the person is gone. */
export async function currentNeed(
  db: Executor,
  kind: string,
  need: Pick<OwnerNeed, "connectionId" | "userId" | "since">,
): Promise<CurrentNeed | null> {
  const [row] = await db
    .select({
      connection: connections,
      email: users.email,
      locale: users.locale,
      stillNeeded: sql<boolean>`coalesce(${since} = ${need.since}, false)`,
      wanted: sql<boolean>`${wants(kind)} and exists (select from ${memberships} m where m.user_id = ${users.id} and m.merchant_id = ${connections.merchantId})`,
      inDoubt: sql<boolean>`coalesce(${connections.stateChangesAt} <= app_now(), false) or not coalesce(${needed}, false)`,
    })
    .from(connections)
    .innerJoin(users, eq(users.id, need.userId))
    .where(eq(connections.id, need.connectionId));
  return row ?? null;
}
