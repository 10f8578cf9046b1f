import { database } from "@/db/client";
import { findPerson } from "@/db/people";
import { type OpenSession, openSessionsOf } from "@/db/sessions";
import type { Actor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { notFound } from "@/lib/errors";
import { isId } from "@/lib/ids";
import { type MerchantChoice, merchantChoices } from "./merchant-choices";
import { type Person, toPerson } from "./person-view";

export type ShownPerson = { person: Person; sessions: OpenSession[]; choices: MerchantChoice[] | null };

/** One person with what they are signed in by. */
export async function showPerson(actor: Actor, id: string): Promise<ShownPerson> {
  authorize(actor, "people.manage");
  const db = database();
  const row = isId(id) ? await findPerson(db, id) : null;
  if (!row) throw notFound();
  const [sessions, choices] = await Promise.all([openSessionsOf(db, id), merchantChoices(db)]);
  return { person: toPerson(row), sessions, choices };
}
