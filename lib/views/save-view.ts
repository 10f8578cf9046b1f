import { z } from "zod";
import { transaction } from "@/db/client";
import { insertEvent } from "@/db/events";
import { newId } from "@/db/new-id";
import { putView } from "@/db/saved-views";
import type { UserActor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { asksNothing, criteriaOf, criteriaQuery } from "@/lib/connections/criteria";
import { AppError } from "@/lib/errors";
import { typedText } from "@/lib/ids";
import { parseInput } from "@/lib/people/parse-input";

export const MOST_VIEWS = 30;

const schema = z.strictObject({
  name: z.string().transform(typedText).pipe(z.string().min(1, "name_needed").max(60, "name_too_long")),
  query: z.string().max(2_000),
});

/** Keeps a list under a name for the person themselves. AppError `name_needed`, `name_too_long`, `nothing_asked`, `too_many_views`. */
export async function saveView(actor: UserActor, input: unknown): Promise<void> {
  authorize(actor, "support.search");
  const { name, query } = parseInput(schema, input);
  const criteria = criteriaOf(Object.fromEntries(new URLSearchParams(query)));
  if (asksNothing(criteria)) throw new AppError("nothing_asked", 422);
  const view = { id: newId("view"), userId: actor.id, name, query: criteriaQuery(criteria).toString() };
  await transaction(async (tx) => {
    if (!(await putView(tx, view, MOST_VIEWS))) throw new AppError("too_many_views", 422);
    await insertEvent(tx, { kind: "view.saved", actor, facts: { name } });
  });
}
