import { z } from "zod";
import { transaction } from "@/db/client";
import { insertEvent } from "@/db/events";
import { deleteSessionsOf } from "@/db/sessions";
import { deleteSignInLinksOf } from "@/db/sign-in-links";
import { findUser, setDisabled } from "@/db/users";
import type { Actor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { notFound } from "@/lib/errors";
import { keepAnAdmin } from "./keep-an-admin";
import { parseInput } from "./parse-input";

const schema = z.strictObject({ userId: z.string().max(60), disabled: z.boolean() });

/** A disabled person's sessions and links end in the same moment; enabling brings neither back. */
export async function setPersonDisabled(actor: Actor, input: unknown): Promise<void> {
  authorize(actor, "people.manage");
  const { userId, disabled } = parseInput(schema, input);
  await transaction(async (tx) => {
    const user = await findUser(tx, userId);
    if (!user) throw notFound();
    if (disabled) await keepAnAdmin(tx, userId);
    if (!(await setDisabled(tx, userId, disabled))) return;
    if (disabled) {
      await deleteSessionsOf(tx, userId);
      await deleteSignInLinksOf(tx, user.email);
    }
    await insertEvent(tx, { kind: disabled ? "person.disabled" : "person.enabled", actor, facts: { person: userId, email: user.email } });
  });
}
