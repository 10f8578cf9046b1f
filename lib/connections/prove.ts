import type { Connection } from "@/db/connections";
import { offer as findOffer } from "@/lib/offers/offers";
import type { Account } from "@/lib/providers/contract";
import { type OpenIo, openIo } from "./open-io";
import { openGrant } from "./sealed-grant";

/** Asks the platform whether a row's grant works. Throws ProviderError, or VaultError where the row cannot be read. */
export async function prove(row: Connection, open: OpenIo = openIo): Promise<Account> {
  const offer = findOffer(row.offer);
  const io = await open(offer, { merchantId: row.merchantId, connectionId: row.id });
  return offer.provider.inspect(openGrant(row), io);
}
