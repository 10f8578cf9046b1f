import { eq, sql } from "drizzle-orm";
import type { Executor, Tx } from "./client";
import { type OfferSettings, offers } from "./offer-tables";
import type { Sealed } from "./sealed";

export type { OfferSettings };
export type StoredOffer = typeof offers.$inferSelect;

/** All that a process must hold of them, as of one moment. */
export type OfferState = {
  version: string;
  offers: { slug: string; settings: OfferSettings; published: boolean; secret: { id: string; value: Sealed } | null }[];
  pauses: { offer: string; reason: string; until: Date }[];
};

/** Changes with any change of `readOfferState`. */
export async function readOfferVersion(db: Executor): Promise<string> {
  const found = await db.execute<{ value: string }>(sql`select value from offer_version where id = 1`);
  return found.rows[0]?.value ?? "";
}

/** One statement, so that no half of a change is ever seen. */
export async function readOfferState(db: Executor): Promise<OfferState> {
  type Pause = { offer: string; reason: string; until: string };
  const found = await db.execute<{ version: string | null; offers: OfferState["offers"] | null; pauses: Pause[] | null }>(sql`
    select (select value from offer_version where id = 1) as version,
      (select json_agg(json_build_object('slug', slug, 'settings', settings, 'published', published, 'secret', (
        select json_build_object('id', id, 'value', value) from offer_secrets where offer = slug and current)) order by created_at, slug)
      from offers) as offers,
      (select json_agg(json_build_object('offer', offer, 'reason', reason, 'until', until)) from offer_pauses) as pauses`);
  const [row] = found.rows;
  return {
    version: row?.version ?? "",
    offers: row?.offers ?? [],
    pauses: (row?.pauses ?? []).map((pause) => ({ ...pause, until: new Date(pause.until) })),
  };
}

export async function findStoredOffer(db: Executor, slug: string): Promise<StoredOffer | null> {
  const [row] = await db.select().from(offers).where(eq(offers.slug, slug));
  return row ?? null;
}

/** The same, and nobody else changes it before this transaction ends. */
export async function lockStoredOffer(tx: Tx, slug: string): Promise<StoredOffer | null> {
  const [row] = await tx.select().from(offers).where(eq(offers.slug, slug)).for("update");
  return row ?? null;
}

/** False: that slug is taken. */
export async function insertOffer(tx: Tx, offer: Pick<StoredOffer, "slug" | "settings" | "createdBy">): Promise<boolean> {
  const rows = await tx.insert(offers).values(offer).onConflictDoNothing().returning({ slug: offers.slug });
  return rows.length > 0;
}

export async function updateOffer(
  tx: Tx,
  slug: string,
  change: Partial<Pick<StoredOffer, "settings" | "published" | "provedAs">>,
): Promise<void> {
  const proved = change.provedAs === undefined ? {} : { provedAt: sql`app_now()` };
  await tx
    .update(offers)
    .set({ ...change, ...proved, updatedAt: sql`app_now()` })
    .where(eq(offers.slug, slug));
}

export async function removeOffer(tx: Tx, slug: string): Promise<void> {
  await tx.delete(offers).where(eq(offers.slug, slug));
}

/** How many rows still hold something of that offer: connections that live, come or are being ended; counted up to `most`. */
export async function countHolding(db: Executor, slug: string, most: number): Promise<number> {
  const found = await db.execute<{ n: number }>(sql`
    select count(*)::int as n from (select from connections where offer = ${slug} and status <> 'revoked' limit ${most}) held`);
  return found.rows[0]?.n ?? 0;
}
