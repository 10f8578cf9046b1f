import { database } from "@/db/client";
import { findMerchantCalled } from "@/db/merchants";
import type { UserActor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { typedText } from "@/lib/ids";
import { type MerchantChoice, merchantChoices } from "./merchant-choices";

export type ImportChoices = {
  /** Null: there are too many to choose from. */
  merchants: MerchantChoice[] | null;
  /** Whom was asked for, by its id, the company's own one or its exact name; null: nobody, or none is called so. */
  merchant: { id: string; name: string } | null;
};

/** Whom an existing grant can be imported for. */
export async function importChoices(actor: UserActor, called: string | undefined): Promise<ImportChoices> {
  authorize(actor, "connection.import");
  const text = typedText(called ?? "").slice(0, 200);
  const [merchants, found] = await Promise.all([merchantChoices(database()), text === "" ? null : findMerchantCalled(database(), text)]);
  return {
    merchants,
    merchant: found && { id: found.id, name: found.name },
  };
}
