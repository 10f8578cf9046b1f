import { waitingPending } from "@/db/activate";
import { forgetAttempts, waitingExchanges } from "@/db/attempt-jobs";
import { database } from "@/db/client";
import { dueRenewals } from "@/db/due-renewals";
import { dueProbes } from "@/db/incidents";
import { forgetUnusedSessions } from "@/db/platform-sessions";
import { dueRevocations, forgetNeverConnected, leftGrants } from "@/db/revocations";
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

type Options = { open?: OpenIo; stopping?: () => boolean };

/**
 * A bounded round of what a person waits for: exchanges left behind, connections half made, attempts run out. The rows are the truth
 * and every step claims its row, so any number of processes may do this at once.
 */
export async function sweepConnecting({ open = openIo, stopping = () => false }: Options = {}): Promise<void> {
  await each("exchange", await waitingExchanges(database(), IDLE_S, BATCH), stopping, (id) => exchange(worker, id, open));
  await each("adopt", await waitingPending(database(), BATCH), stopping, ({ id, parked }) =>
    parked ? endParked(id, open) : adopt(id, open),
  );
  await finishLapsed(BATCH);
}

/** A bounded round of what nobody waits for: revocations not confirmed, grants left over, renewals due, and what is to be forgotten. */
export async function sweepKeeping({ open = openIo, stopping = () => false }: Options = {}): Promise<void> {
  await each("revoke", await dueRevocations(database(), BATCH), stopping, (id) => tellPlatform(id, open));
  await each("end_left", await leftGrants(database(), BATCH), stopping, (id) => endLeftGrants(id, open));
  await each("probe", await dueProbes(database()), stopping, (id) => renewOnce(worker, id, ["active"], open));
  await each("renew", await dueRenewals(database(), BATCH), stopping, (id) => renewOnce(worker, id, ["active"], open));
  await forgetAttempts(database());
  await forgetNeverConnected(database());
  await forgetUnusedSessions(database());
}

/** One item's failure is logged and costs the others nothing. */
async function each<T>(job: string, items: readonly T[], stopping: () => boolean, work: (item: T) => Promise<unknown>): Promise<void> {
  const queue = [...items];
  const lane = async () => {
    for (let item = queue.shift(); item !== undefined && !stopping(); item = queue.shift()) {
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
