import type { Executor } from "@/db/client";
import type { EventFilter } from "@/db/event-lists";
import { findUser, findUserByEmail } from "@/db/users";
import type { AuditCriteria } from "./audit-criteria";
import { eventGroups } from "./event-groups";

const person = (db: Executor, typed: string) => (/^usr_\w+$/.test(typed) ? findUser(db, typed) : findUserByEmail(db, typed.toLowerCase()));

/** What was typed, as the list is asked. Null: nobody is called that, so there is nothing to find. */
export async function eventFilter(db: Executor, criteria: AuditCriteria): Promise<EventFilter | null> {
  const { by, group, result } = criteria;
  const actor = criteria.actor ? await person(db, criteria.actor) : null;
  if (criteria.actor && !actor) return null;
  const about = criteria.about ? await target(db, criteria.about) : null;
  const start = criteria.from ? new Date(criteria.from) : null;
  const until = criteria.to ? new Date(criteria.to) : null;
  until?.setUTCDate(until.getUTCDate() + 1);
  return {
    by,
    actorId: actor?.id ?? null,
    nouns: group ? eventGroups[group] : null,
    denied: result === null ? null : result === "denied",
    about,
    from: start,
    until,
  };
}

/** Of a person events tell the address, which stays when the person goes. */
async function target(db: Executor, typed: string): Promise<EventFilter["about"]> {
  if (/^con_\w+$/.test(typed)) return { connectionId: typed };
  if (/^mer_\w+$/.test(typed)) return { merchantId: typed };
  if (/^usr_\w+$/.test(typed)) return { email: (await findUser(db, typed))?.email ?? typed };
  return { email: typed.toLowerCase() };
}
