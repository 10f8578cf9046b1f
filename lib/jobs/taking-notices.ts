import { database } from "@/db/client";
import { dueNotices } from "@/db/notices";
import { takeNotice } from "@/lib/connections/take-notice";
import { each, type Job } from "./job";

const BATCH = 100;

/** What platforms told and the process that heard it did not get done. */
export const takingNotices: Job = {
  name: "taking-notices",
  everyS: 2,
  round: async (round) => each("notice", await dueNotices(database(), BATCH), round, (id) => takeNotice(id, round.open)),
};
