import { retryFailed } from "@/db/bulk-items";
import { type BulkRun, findRun, resumeRun, stopRun } from "@/db/bulk-runs";
import { database, transaction } from "@/db/client";
import { insertEvent } from "@/db/events";
import type { UserActor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { AppError, notFound } from "@/lib/errors";
import { isId } from "@/lib/ids";
import { operationOf } from "./acts";
import { isFresh } from "./is-fresh";

/** The run, for whoever may do what it does. */
export async function ownRun(actor: UserActor, id: string): Promise<BulkRun> {
  authorize(actor, "bulk.run");
  const run = isId(id) ? await findRun(database(), id) : null;
  if (!run) throw notFound();
  authorize(actor, operationOf[run.act]);
  return run;
}

/** Nothing more of it is begun; what is under way comes to its end. Anybody who may begin one may stop it. */
export async function stop(actor: UserActor, id: string): Promise<void> {
  const run = await ownRun(actor, id);
  await transaction(async (tx) => {
    if (await stopRun(tx, run.id, actor.name)) await insertEvent(tx, { kind: "bulk.stopped", actor, facts: { run: id, act: run.act } });
  });
}

/** Goes on with what is left and tries anew what failed, in this person's name (AppError `sign_in_again` as when it began). */
export async function goOn(actor: UserActor, id: string): Promise<void> {
  const run = await ownRun(actor, id);
  if (run.act === "revoke" && !(await isFresh(actor))) throw new AppError("sign_in_again", 401);
  await transaction(async (tx) => {
    if (!(await resumeRun(tx, run.id, actor))) return;
    const failed = await retryFailed(tx, run.id);
    await insertEvent(tx, { kind: "bulk.resumed", actor, facts: { run: id, act: run.act, failed } });
  });
}
