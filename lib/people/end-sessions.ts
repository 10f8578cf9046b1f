import { z } from "zod";
import { transaction } from "@/db/client";
import { insertEvent } from "@/db/events";
import { deleteSessionOf, deleteSessionsOf } from "@/db/sessions";
import { findUser } from "@/db/users";
import type { Actor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { notFound } from "@/lib/errors";
import { parseInput } from "./parse-input";

const schema = z.strictObject({ userId: z.string().max(60), sessionId: z.string().max(60).optional() });

/** Signs a person out everywhere, or ends the one session that is named; how many sessions ended. */
export async function endSessions(actor: Actor, input: unknown): Promise<number> {
  authorize(actor, "people.manage");
  const { userId, sessionId } = parseInput(schema, input);
  return transaction(async (tx) => {
    const user = await findUser(tx, userId);
    if (!user) throw notFound();
    const ended = await (sessionId === undefined ? deleteSessionsOf(tx, userId) : deleteSessionOf(tx, userId, sessionId));
    if (sessionId !== undefined && ended === 0) throw notFound();
    await insertEvent(tx, { kind: "sessions.ended", actor, facts: { person: userId, email: user.email, ended } });
    return ended;
  });
}
