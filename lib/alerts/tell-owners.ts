import { database } from "@/db/client";
import { insertDeliveries } from "@/db/deliveries";
import { needKey, untoldOwners } from "@/db/owner-needs";
import { type OwnerMailKind, ownerMailKinds } from "./owner-mail-kinds";

const BATCH = 500;

/**
 * Writes to the people of a store's merchant when it begins to need them, and once more some days later where it still does. A message
 * is one for a person, a store and the time in which it needs them; what mends itself never comes here.
 */
export async function tellOwners(): Promise<void> {
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
