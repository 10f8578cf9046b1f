import { sealWaiting } from "@/lib/audit/seal-waiting";
import type { Job } from "./job";

/** Keeps few events waiting for their place in the feed, so that a reader has little to do before it reads. */
export const sealing: Job = {
  name: "sealing",
  everyS: 1,
  round: async ({ stopping }) => {
    for (let batch = 0; batch < 50 && !stopping(); batch += 1) if (!(await sealWaiting())) break;
  },
};
