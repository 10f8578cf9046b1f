import { waitingPending } from "@/db/activate";
import { forgetAttempts, waitingExchanges } from "@/db/attempts";
import { database } from "@/db/client";
import { dueRenewals } from "@/db/due-renewals";
import { dueRevocations, leftGrants } from "@/db/revocations";
import { worker } from "@/lib/auth/actor";
import { adopt } from "@/lib/connections/adopt";
import { endLeftGrants } from "@/lib/connections/end-left-grants";
import { endParked } from "@/lib/connections/end-parked";
import { exchange } from "@/lib/connections/exchange";
import { type OpenIo, openIo } from "@/lib/connections/open-io";
import { renewOnce } from "@/lib/connections/renew-once";
import { tellPlatform } from "@/lib/connections/tell-platform";
import { log, withCorrelation } from "@/lib/log";
import { finishLapsed } from "./finish-lapsed";

const BATCH = 50;
/** The result page of a tab that was closed has this long before the job takes its exchange over. */
const IDLE_S = 10;
const AT_ONCE = 4;

/**
 * One bounded round of everything that waits: exchanges left behind, connections half made, revocations not confirmed, renewals
 * due, attempts run out. The rows are the truth and every step claims its row, so any number of processes may do this at once.
 */
export async function sweep(open: OpenIo = openIo): Promise<void> {
  await each("exchange", await waitingExchanges(database(), IDLE_S, BATCH), (id) => exchange(worker, id, open));
  const pending = await waitingPending(database(), BATCH);
  await each(
    "adopt",
    pending.filter((row) => !row.parked),
    ({ id }) => adopt(id, open),
  );
  await each(
    "end_parked",
    pending.filter((row) => row.parked),
    ({ id }) => endParked(id, open),
  );
  await each("revoke", await dueRevocations(database(), BATCH), (id) => tellPlatform(id, open));
  await each("end_left", await leftGrants(database(), BATCH), (id) => endLeftGrants(id, open));
  await each("renew", await dueRenewals(database(), BATCH), (id) => renewOnce(worker, id, ["active"], open));
  await finishLapsed(BATCH);
  await forgetAttempts(database());
}

/** One item's failure is logged and costs the others nothing. */
async function each<T>(job: string, items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
  const queue = [...items];
  const lane = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) {
      const current = item;
      await withCorrelation(async () => {
        try {
          await work(current);
        } catch (error) {
          log.error("job_failed", error, { job });
        }
      });
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, queue.length) }, lane));
}
