import { z } from "zod";
import { transaction } from "@/db/client";
import { insertEvent } from "@/db/events";
import { insertMerchant, type MerchantRow } from "@/db/merchants";
import type { Actor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { AppError } from "@/lib/errors";
import { parseInput } from "./parse-input";

const schema = z.strictObject({
  name: z.string({ error: "name" }).trim().min(1, { error: "name" }).max(200, { error: "name" }),
  externalId: z.string().trim().max(200).optional(),
});

/** `externalId` is the company's own id for the merchant, unique where it is given. */
export async function createMerchant(actor: Actor, input: unknown): Promise<MerchantRow> {
  authorize(actor, "people.manage");
  const { name, externalId } = parseInput(schema, input);
  return transaction(async (tx) => {
    const merchant = await insertMerchant(tx, { name, externalId: externalId || null });
    if (!merchant) throw new AppError("external_id_taken", 409);
    await insertEvent(tx, { kind: "merchant.created", actor, merchantId: merchant.id, facts: { name, externalId: merchant.externalId } });
    return merchant;
  });
}
