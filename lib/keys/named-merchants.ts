import { database } from "@/db/client";
import { findMerchantCalled } from "@/db/merchants";
import type { Actor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { AppError } from "@/lib/errors";
import { typedText } from "@/lib/ids";

const MOST = 100;

/** Merchants that were typed one a line, by our id, the company's own or their name. Null: none was. Throws AppError `merchant`, which names the first that is none. */
export async function namedMerchants(actor: Actor, typed: string): Promise<string[] | null> {
  authorize(actor, "keys.manage");
  const lines = [...new Set(typed.split(/\r?\n/).map(typedText).filter(Boolean))].slice(0, MOST + 1);
  if (lines.length === 0) return null;
  const ids: string[] = [];
  for (const line of lines) {
    const merchant = await findMerchantCalled(database(), line);
    if (!merchant) throw new AppError("merchant", 400, { merchant: line.slice(0, 80) });
    ids.push(merchant.id);
  }
  return [...new Set(ids)];
}
