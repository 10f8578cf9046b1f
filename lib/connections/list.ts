import { z } from "zod";
import { database } from "@/db/client";
import { listOfMerchants } from "@/db/connection-lists";
import { readClock } from "@/db/read-clock";
import type { UserActor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { folded } from "./folded";
import { attention, type MerchantWord, merchantWords } from "./health";
import { type ConnectionView, view } from "./view";

/** A page of at most this many; what is beyond it is told, not hidden. */
const LIMIT = 500;

const byAttention = (a: ConnectionView, b: ConnectionView): number =>
  attention[a.state] - attention[b.state] || (b.connectedAt?.getTime() ?? 0) - (a.connectedAt?.getTime() ?? 0);

const filterSchema = z.object({
  q: z.string().trim().max(200).optional().catch(undefined),
  word: z.enum(merchantWords).optional().catch(undefined),
});

export type Listed = {
  rows: ConnectionView[];
  asOf: Date;
  more: boolean;
  asked: z.infer<typeof filterSchema>;
  /** Over all of the merchant's stores, whatever was asked for. */
  counts: Record<MerchantWord, number>;
  total: number;
};

/** The merchant's own stores, those that need somebody first; `filter` narrows by any part of a name or id and by word. */
export async function listOwn(actor: UserActor, filter: unknown = {}): Promise<Listed> {
  for (const merchant of actor.merchants) authorize(actor, "connection.list", { merchantId: merchant.id });
  const asked = filterSchema.parse(filter);
  const asOf = await readClock(database());
  const merchantIds = actor.merchants.map((merchant) => merchant.id);
  const found = await listOfMerchants(database(), merchantIds, LIMIT + 1);
  const all = found.slice(0, LIMIT).map((row) => view(row.connection, row.merchantName, asOf));
  const counts = Object.fromEntries(merchantWords.map((word) => [word, all.filter((row) => row.word === word).length]));
  const rows = all.filter((row) => (!asked.word || row.word === asked.word) && (!asked.q || matches(row, asked.q))).sort(byAttention);
  return { rows, asOf, more: found.length > LIMIT, asked, counts: counts as Listed["counts"], total: all.length };
}

function matches({ name, accountId, merchantName, id }: ConnectionView, q: string): boolean {
  const wanted = folded(q);
  return [name, accountId, merchantName, id].some((text) => text !== null && folded(text).includes(wanted));
}
