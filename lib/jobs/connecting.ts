import { waitingPending } from "@/db/activate";
import { waitingExchanges } from "@/db/attempt-jobs";
import { database } from "@/db/client";
import { worker } from "@/lib/auth/actor";
import { adopt } from "@/lib/connections/adopt";
import { endParked } from "@/lib/connections/end-parked";
import { exchange } from "@/lib/connections/exchange";
import { finishLapsed } from "./finish-lapsed";
import { each, type Job } from "./job";

const BATCH = 50;
/** The result page of a tab that was closed has this long before the job takes its exchange over. */
const IDLE_S = 10;

/** What a person waits for: exchanges left behind, connections half made, attempts run out. */
export const connecting: Job = {
  name: "connecting",
  everyS: 2,
  round: async (round) => {
    await each("exchange", await waitingExchanges(database(), IDLE_S, BATCH), round, (id) => exchange(worker, id, round.open));
    await each("adopt", await waitingPending(database(), BATCH), round, ({ id, parked }) =>
      parked ? endParked(id, round.open) : adopt(id, round.open),
    );
    await finishLapsed(BATCH);
  },
};
