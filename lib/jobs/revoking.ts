import { database } from "@/db/client";
import { dueRevocations, leftGrants } from "@/db/revocations";
import { endLeftGrants } from "@/lib/connections/end-left-grants";
import { tellPlatform } from "@/lib/connections/tell-platform";
import { each, type Job } from "./job";

const BATCH = 50;

/** Revocations that the platform has not confirmed, for as long as it takes, and grants that came in after one. */
export const revoking: Job = {
  name: "revoking",
  everyS: 3,
  round: async (round) => {
    await each("revoke", await dueRevocations(database(), BATCH), round, (id) => tellPlatform(id, round.open, true));
    await each("end_left", await leftGrants(database(), BATCH), round, (id) => endLeftGrants(id, round.open));
  },
};
