import { runningRuns } from "@/db/bulk-runs";
import { closeDatabase, database, openDatabase } from "@/db/client";
import type { UserActor } from "@/lib/auth/actor";
import { exchange } from "@/lib/connections/exchange";
import { openIo } from "@/lib/connections/open-io";
import { receiveNotice } from "@/lib/connections/receive-notice";
import { renew } from "@/lib/connections/renew";
import { revoke } from "@/lib/connections/revoke";
import { settled } from "@/lib/in-flight";
import { bulk } from "@/lib/jobs/bulk";
import { renewing } from "@/lib/jobs/renewing";
import { offers } from "@/lib/offers/offers";

// One piece of work in a process of its own, which a test lets die in the middle of it (LATCHKEY_CRASH_AT).
const [what = "", id = "", as = "{}"] = process.argv.slice(2);
const actor = JSON.parse(as) as UserActor;
const works: Record<string, () => Promise<unknown>> = {
  revoke: () => revoke(actor, { connectionId: id }),
  exchange: () => exchange(actor, id),
  renew: () => renew(actor, id),
  /** One round of renewals, in which a row is met that kills whoever opens it. */
  round: () =>
    renewing.round({
      open: (offer, context) => {
        if (context.connectionId === id) process.kill(process.pid, "SIGKILL");
        return openIo(offer, context);
      },
      stopping: () => false,
    }),
  /** A worker that does nothing but a run, round after round, until it is done. */
  bulk: async () => {
    while ((await runningRuns(database())).length > 0) await bulk.round({ open: openIo, stopping: () => false });
  },
  notice: async () => {
    const { url, ...init } = JSON.parse(id) as { url: string; body: string; headers: Record<string, string> };
    await receiveNotice("square", new Request(url, { method: "POST", ...init }));
    await settled(30_000);
  },
};
// The platform as the test's own process has set it up.
(globalThis as { latchkeyOffers?: unknown }).latchkeyOffers = offers().map((offer) => ({ ...offer, fingerprint: `first-${offer.slug}` }));
await openDatabase({ migrate: false });
await works[what]?.();
await closeDatabase();
