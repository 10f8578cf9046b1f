import { database } from "@/db/client";
import { type MerchantRow, pageOfMerchants as readPage } from "@/db/merchants";
import type { KeyActor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";

export type MerchantsAsked = { externalId?: string | undefined; after?: string | undefined; limit: number };

/** The merchants that a key may see, a page at a time; `next`: the id to go on after. */
export async function pageOfMerchants(
  actor: KeyActor,
  { externalId, after, limit }: MerchantsAsked,
): Promise<{ rows: MerchantRow[]; next: string | null }> {
  authorize(actor, "merchant.list");
  const asked = { among: actor.merchantIds, externalId: externalId ?? null, after: after ?? null };
  const found = await readPage(database(), asked, limit + 1);
  const rows = found.slice(0, limit);
  return { rows, next: found.length > limit ? (rows.at(-1)?.id ?? null) : null };
}
