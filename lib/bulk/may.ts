import { findStaffPerson, type StaffPerson } from "@/db/bulk-runs";
import { database } from "@/db/client";
import type { UserActor } from "@/lib/auth/actor";
import { reach } from "@/lib/auth/permissions";
import { type BulkAct, operationOf } from "./acts";

/** Whether an actor may do this with everybody's connections. */
export const may = (actor: UserActor, act: BulkAct): boolean =>
  reach(actor, "bulk.run") === "any" && reach(actor, operationOf[act]) === "any";

/** In whose name a run acts, as they are at this moment. Null: they may not do this any more. */
export async function actorOfRun(byId: string, act: BulkAct): Promise<UserActor | null> {
  const person = await findStaffPerson(database(), byId);
  const actor = person && actorOf(person);
  return actor && may(actor, act) ? actor : null;
}

function actorOf({ id, name, email, role }: StaffPerson): UserActor | null {
  if (role !== "support" && role !== "admin") return null;
  return { kind: "user", id, name: name ?? email, email, role, merchants: [], signedInAt: new Date(0) };
}
