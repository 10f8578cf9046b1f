import { setImmediate } from "node:timers/promises";
import { closeDatabase, openDatabase } from "@/db/client";
import { worker } from "@/lib/auth/actor";
import { openIo } from "@/lib/connections/open-io";
import { renewOnce } from "@/lib/connections/renew-once";
import { renewing } from "@/lib/jobs/renewing";
import { takeBudget } from "@/lib/keys/take-budget";
import { callers, poll } from "./callers";
import type { Asked, Told } from "./holder";

// A process that lives beside the test's own and works on the same rows, as the test asks it to.
const tell = (told: Told) => process.send?.(told);

const works: { [What in Asked["what"]]: (asked: Extract<Asked, { what: What }>) => Promise<string> } = {
  renew: async ({ id }) => (await renewOnce(worker, id, ["active"])).kind,
  round: async () => {
    await renewing.round({ open: openIo, stopping: () => false });
    return "done";
  },
  /** Nothing else happens in this process meanwhile. */
  block: async ({ ms }) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms),
  /** Asks as often as it can; tells how many requests a key got, and in how many seconds of the clock. */
  spend: async ({ keyId, perSecond, ms }) => {
    const seconds = new Set<number>();
    let got = 0;
    for (const began = Date.now(); Date.now() < began + ms; await setImmediate()) {
      seconds.add(Math.floor(Date.now() / 1_000));
      if (!(await takeBudget(keyId, perSecond)).refused) got += 1;
    }
    return `${got} ${seconds.size}`;
  },
  callers: async ({ path, token, many }) => JSON.stringify(await callers(path, token, many)),
  poll: async ({ path, token, refusals }) => JSON.stringify(await poll(path, token, refusals)),
  end: async () => {
    await closeDatabase();
    process.disconnect();
    return "ended";
  },
};

await openDatabase({ migrate: false });
process.on("message", (asked: Asked) => {
  const work = works[asked.what] as (asked: Asked) => Promise<string>;
  work(asked).then(
    (end) => tell({ of: asked.of, end }),
    (error: unknown) => tell({ of: asked.of, error: String(error) }),
  );
});
tell({ of: 0, end: "ready" });
