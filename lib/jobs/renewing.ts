import { database } from "@/db/client";
import { dueRenewals } from "@/db/due-renewals";
import { dueProbes } from "@/db/incidents";
import { worker } from "@/lib/auth/actor";
import { renewOnce } from "@/lib/connections/renew-once";
import { each, type Job } from "./job";

const BATCH = 50;

export const renewing: Job = {
  name: "renewing",
  everyS: 2,
  round: async (round) => {
    await each("probe", await dueProbes(database()), round, (id) => renewOnce(worker, id, ["active"], round.open));
    await each("renew", await dueRenewals(database(), BATCH), round, (id) => renewOnce(worker, id, ["active"], round.open));
  },
};
