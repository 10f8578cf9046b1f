import { z } from "zod";
import { database, transaction } from "@/db/client";
import { insertEvent } from "@/db/events";
import { doubtPausedStates, findPause, removePause, setPause } from "@/db/offer-pauses";
import type { UserActor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { typedText } from "@/lib/ids";
import { parseInput } from "@/lib/people/parse-input";
import { freshOffers } from "./fresh-offers";
import { offer as findOffer } from "./offers";
import { pauseHours } from "./pause-hours";

const schema = z.strictObject({
  reason: z
    .string()
    .max(300, "reason")
    .transform(typedText)
    .refine((text) => text !== "", "reason"),
  hours: z.coerce.number().refine((hours) => pauseHours.some((known) => known === hours), "hours"),
});

/**
 * Holds renewals and proofs of a platform back, until then or until somebody resumes them. Whatever is asked for by a person is done, and what
 * is being ended is ended. Throws AppError 422 `reason` or `hours`.
 */
export async function pauseOffer(actor: UserActor, slug: string, input: unknown): Promise<void> {
  authorize(actor, "providers.manage");
  findOffer(slug);
  const { reason, hours } = parseInput(schema, input);
  const before = await findPause(database(), slug);
  const until = await transaction(async (tx) => {
    const end = await setPause(tx, { offer: slug, reason, hours, pausedBy: actor.name });
    await insertEvent(tx, { kind: "offer.paused", actor, reason, facts: { offer: slug, until: end.toISOString() } });
    return end;
  });
  await freshOffers(0);
  await doubtPausedStates(database(), slug, before && before.until > until ? before.until : until);
}

/** Lets them go on now. Nothing to do where no pause is. */
export async function resumeOffer(actor: UserActor, slug: string): Promise<void> {
  authorize(actor, "providers.manage");
  const ended = await transaction(async (tx) => {
    const pause = await removePause(tx, slug);
    if (pause) await insertEvent(tx, { kind: "offer.resumed", actor, facts: { offer: slug } });
    return pause;
  });
  await freshOffers(0);
  if (ended) await doubtPausedStates(database(), slug, ended.until);
}
