import { type Tx, transaction } from "@/db/client";
import { insertEvent } from "@/db/events";
import { findMerchantByExternalId, insertMerchant, type MerchantRow } from "@/db/merchants";
import type { KeyActor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { AppError } from "@/lib/errors";

/**
 * The merchant that a company knows by its own id, made where there is none. Another name for one that is there changes nothing: AppError
 * `external_id_taken`. A key limited to certain merchants makes none: `merchant_limited`, as for one that is not its own.
 */
export async function ensureMerchant(
  actor: KeyActor,
  { externalId, name }: { externalId: string; name: string },
): Promise<{ merchant: MerchantRow; made: boolean }> {
  authorize(actor, "merchant.create");
  const known = async (tx: Tx) => {
    const merchant = await findMerchantByExternalId(tx, externalId);
    if (actor.merchantIds !== null && (!merchant || !actor.merchantIds.includes(merchant.id))) throw new AppError("merchant_limited", 403);
    if (merchant && merchant.name !== name) throw new AppError("external_id_taken", 409, { merchant: merchant.id });
    return merchant;
  };
  return transaction(async (tx) => {
    const before = await known(tx);
    if (before) return { merchant: before, made: false };
    const merchant = await insertMerchant(tx, { name, externalId });
    // Somebody else was faster.
    if (!merchant) return { merchant: (await known(tx)) as MerchantRow, made: false };
    await insertEvent(tx, { kind: "merchant.created", actor, merchantId: merchant.id, facts: { name, externalId } });
    return { merchant, made: true };
  });
}
