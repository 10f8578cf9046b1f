import { z } from "zod";
import { insertRun, noteExcluded } from "@/db/bulk-runs";
import { fixSelection } from "@/db/bulk-selection";
import { transaction } from "@/db/client";
import { insertEvent } from "@/db/events";
import { newId } from "@/db/new-id";
import type { UserActor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { restate } from "@/lib/connections/restate";
import { AppError } from "@/lib/errors";
import { typedText } from "@/lib/ids";
import { MOST_SELECTED, operationOf, STATES_AT_ONCE } from "./acts";
import { isFresh } from "./is-fresh";
import { type Chosen, possible, selectionOf } from "./selection";
import { summaryOf } from "./summarize";

const schema = z.strictObject({
  /** The number that was typed. */
  count: z.int(),
  reason: z.string().max(500).transform(typedText).optional(),
  ticket: z.string().max(100).transform(typedText).optional(),
});

/**
 * Fixes a selection and has it worked through in the background; resolves to the run's id. A revocation wants a reason (AppError `reason_needed`)
 * and somebody who signed in just now (`sign_in_again`). Where another number matches than was typed, nothing begins (`selection_changed`).
 */
export async function startRun(actor: UserActor, chosen: Chosen, input: unknown, most = MOST_SELECTED): Promise<string> {
  const { act, query } = chosen;
  authorize(actor, "bulk.run");
  authorize(actor, operationOf[act]);
  const { count, reason, ticket } = schema.parse(input);
  if (act === "revoke" && !reason) throw new AppError("reason_needed", 422);
  if (act === "revoke" && !(await isFresh(actor))) throw new AppError("sign_in_again", 401);
  const current = await restate(STATES_AT_ONCE);
  const id = newId("run");
  const selection = await selectionOf(chosen, current);
  await transaction(async (tx) => {
    await insertRun(tx, { id, act, reason: reason || null, ticket: ticket || null, query, byId: actor.id, byName: actor.name });
    const fixed = summaryOf(await fixSelection(tx, id, act, selection, possible(), most + 1), most);
    if (fixed.tooMany || fixed.count !== count || count === 0) throw new AppError("selection_changed", 409, { count: fixed.count });
    await noteExcluded(tx, id, fixed.excluded);
    const facts = { run: id, act, count, ...(ticket && { ticket }) };
    await insertEvent(tx, { kind: "bulk.started", actor, reason: reason || null, facts });
  });
  return id;
}
