import { finishAttempt } from "@/db/attempts";
import { transaction } from "@/db/client";
import { findConnection } from "@/db/connections";
import { insertEvent } from "@/db/events";
import { beginRevoking } from "@/db/revocations";
import { type Actor, worker } from "@/lib/auth/actor";
import { crossing } from "@/lib/crash-point";
import type { OpenIo } from "./open-io";
import { tellPlatform } from "./tell-platform";

/** Lets go a grant that was parked for a person's choice: it is given back to the platform and erased. */
export async function endParked(id: string, open: OpenIo, actor: Actor = worker): Promise<void> {
  await crossing("connect.end_parked", () =>
    transaction(async (tx) => {
      const row = await findConnection(tx, id);
      if (!row?.attemptId || !(await beginRevoking(tx, id, { reach: "authorization", reason: "parked", by: actor.id }))) return;
      await finishAttempt(tx, row.attemptId, { outcome: "abandoned", resultId: null });
      await insertEvent(tx, { kind: "attempt.abandoned", actor, merchantId: row.merchantId, attemptId: row.attemptId });
    }),
  );
  await tellPlatform(id, open);
}
