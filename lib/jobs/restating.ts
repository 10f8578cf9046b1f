import { database } from "@/db/client";
import { addUpHours } from "@/db/hours";
import { addUpTallies } from "@/db/states";
import { restate } from "@/lib/connections/restate";
import type { Job } from "./job";

/** Keeps the stored states true, so that a list finds few in doubt and the tallies stay few. */
export const restating: Job = {
  name: "restating",
  everyS: 2,
  round: async ({ stopping }) => {
    for (let batch = 0; batch < 20 && !stopping(); batch += 1) if (await restate(1_000)) break;
    await addUpTallies(database());
    await addUpHours(database());
  },
};
