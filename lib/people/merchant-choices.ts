import type { Executor } from "@/db/client";
import { someMerchants } from "@/db/merchants";

export type MerchantChoice = { id: string; name: string; externalId: string | null };

/** More than anybody looks through in a form. */
const MOST = 50;

/** Whom a form can offer; null: there are too many to choose from. */
export async function merchantChoices(db: Executor): Promise<MerchantChoice[] | null> {
  const rows = await someMerchants(db, null, MOST + 1);
  return rows.length > MOST ? null : rows.map(({ id, name, externalId }) => ({ id, name, externalId }));
}
