import { closeDatabase, openDatabase } from "@/db/client";
import type { UserActor } from "@/lib/auth/actor";
import { exchange } from "@/lib/connections/exchange";
import { revoke } from "@/lib/connections/revoke";
import { offers } from "@/lib/offers/offers";

// One piece of work in a process of its own, which a test lets die in the middle of it (LATCHKEY_CRASH_AT).
const [what = "", id = "", as = "{}"] = process.argv.slice(2);
const actor = JSON.parse(as) as UserActor;
const works: Record<string, () => Promise<unknown>> = {
  revoke: () => revoke(actor, { connectionId: id }),
  exchange: () => exchange(actor, id),
};
// The platform as the test's own process has set it up.
(globalThis as { latchkeyOffers?: unknown }).latchkeyOffers = offers().map((offer) => ({ ...offer, fingerprint: `first-${offer.slug}` }));
await openDatabase({ migrate: false });
await works[what]?.();
await closeDatabase();
