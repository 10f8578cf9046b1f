import { and, asc, desc, eq, isNull, sql } from "drizzle-orm";
import type { Executor, Tx } from "./client";
import { newId } from "./new-id";
import { incidents } from "./schema";

export type Incident = typeof incidents.$inferSelect;

const open = (offer: string) => and(eq(incidents.offer, offer), isNull(incidents.closedAt));

/** The open ones, the oldest first. */
export async function openIncidents(db: Executor): Promise<Incident[]> {
  return db.select().from(incidents).where(isNull(incidents.closedAt)).orderBy(asc(incidents.openedAt));
}

/** Whether an offer's client is refused, and the seconds until somebody may try it again. */
export async function findIncident(db: Executor, offer: string): Promise<{ id: string; waitS: number } | null> {
  const [row] = await db
    .select({ id: incidents.id, waitS: sql<number>`greatest(extract(epoch from ${incidents.probeAt} - app_now()), 0)::float8` })
    .from(incidents)
    .where(open(offer));
  return row ? { id: row.id, waitS: Math.ceil(row.waitS) } : null;
}

/** One caller wins the probe that is due, and keeps everybody else off until the next: a minute at first, five at most. */
export async function claimProbe(db: Executor, id: string): Promise<boolean> {
  const rows = await db
    .update(incidents)
    .set({
      probes: sql`${incidents.probes} + 1`,
      probeAt: sql`app_now() + make_interval(secs => least(300, 60 * (${incidents.probes} + 1)))`,
    })
    .where(and(eq(incidents.id, id), isNull(incidents.closedAt), sql`${incidents.probeAt} <= app_now()`))
    .returning({ id: incidents.id });
  return rows.length > 0;
}

/** The new incident, or null where one is open already. */
export async function openIncident(tx: Tx, offer: string, code: string): Promise<Incident | null> {
  const [row] = await tx
    .insert(incidents)
    .values({ id: newId("inc"), offer, code, probeAt: sql`app_now() + interval '1 minute'` })
    .onConflictDoNothing()
    .returning();
  return row ?? null;
}

/** The incident as it ended, or null where somebody else closed it. */
export async function closeIncident(tx: Tx, id: string): Promise<Incident | null> {
  const [row] = await tx
    .update(incidents)
    .set({ closedAt: sql`app_now()` })
    .where(and(eq(incidents.id, id), isNull(incidents.closedAt)))
    .returning();
  return row ?? null;
}

/** A process that starts may have brought the mended client: every open incident may be probed at once. */
export async function probeIncidentsNow(db: Executor): Promise<void> {
  await db.update(incidents).set({ probeAt: sql`app_now()` }).where(isNull(incidents.closedAt));
}

/** The same for one offer, whose client was changed. */
export async function probeIncidentNow(db: Executor, offer: string): Promise<void> {
  await db.update(incidents).set({ probeAt: sql`app_now()` }).where(open(offer));
}

/** For every incident whose probe is due and may be made, the live connection that comes up for renewal next, whenever that is, or else for a proof. */
export async function dueProbes(db: Executor): Promise<string[]> {
  const candidates = sql`
    select id from connections where offer = incidents.offer and status = 'active' and renewable and renewal is not null
      and (lease_until is null or lease_until <= app_now()) and sent_at is null`;
  const found = await db.execute<{ id: string | null }>(sql`
    select coalesce(
      (${candidates} and next_refresh_at is not null order by next_refresh_at limit 1),
      (${candidates} and next_proof_at is not null order by next_proof_at limit 1)) as id
    from incidents where closed_at is null and probe_at <= app_now()
      and not exists (select from offer_pauses where offer_pauses.offer = incidents.offer and until > app_now())`);
  return found.rows.flatMap(({ id }) => id ?? []);
}

/** The last ones, the newest first. */
export async function recentIncidents(db: Executor, limit: number): Promise<Incident[]> {
  return db.select().from(incidents).orderBy(desc(incidents.openedAt)).limit(limit);
}

/** Each offer's last one. */
export async function lastIncidents(db: Executor): Promise<Incident[]> {
  return db.selectDistinctOn([incidents.offer]).from(incidents).orderBy(incidents.offer, desc(incidents.openedAt));
}
