import { database } from "@/db/client";
import { insertDeliveries } from "@/db/deliveries";
import { needKey, untoldOwners } from "@/db/owner-needs";
import { restoredKey, untoldRestored } from "@/db/restored-needs";
import { type OwnerMailKind, ownerMailKinds, STORES_NEED_YOU } from "./owner-mail-kinds";

const BATCH = 500;

/**
 * Writes to the people of a store's merchant when it begins to need them, and once more some days later where it still does. A message
 * is one for a person, a store and the time in which it needs them; what mends itself never comes here.
 */
export async function tellOwners(): Promise<void> {
  await tellOfRestore();
  for (const kind of Object.keys(ownerMailKinds) as OwnerMailKind[]) {
    const needs = await untoldOwners(database(), kind, ownerMailKinds[kind], BATCH);
    await insertDeliveries(
      database(),
      needs.map((need) => ({
        kind,
        channel: "email" as const,
        address: need.email,
        locale: need.locale ?? "en",
        merchantId: need.merchantId,
        connectionId: need.connectionId,
        userId: need.userId,
        key: needKey(kind, need),
        facts: { since: need.since },
      })),
    );
  }
}

/** One message for a person and a merchant, however many stores it is about: it was no fault of theirs, and not of any store. */
async function tellOfRestore(): Promise<void> {
  const needs = await untoldRestored(database(), BATCH);
  await insertDeliveries(
    database(),
    needs.map(({ restore, merchantId, userId, email, locale }) => ({
      kind: STORES_NEED_YOU,
      channel: "email" as const,
      address: email,
      locale: locale ?? "en",
      merchantId,
      userId,
      key: restoredKey(restore, merchantId, userId),
      facts: { restore },
    })),
  );
}
