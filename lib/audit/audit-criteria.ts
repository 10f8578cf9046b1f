import { typedText } from "@/lib/ids";
import { type EventGroup, isEventGroup } from "./event-groups";

export type AuditCriteria = {
  /** People's acts, what Latchkey did by itself, or both. */
  by: "people" | "system" | "all";
  /** A person's e-mail address or id, as it was typed. */
  actor: string;
  group: EventGroup | null;
  /** What it was done to: an e-mail address, or the id of a connection, merchant or person. */
  about: string;
  result: "denied" | "done" | null;
  /** Days of UTC, both included. */
  from: string | null;
  to: string | null;
};

// There is no year 0 for the database.
const day = (text: string | undefined) =>
  text && /^(?!0000)\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)) ? text : null;
const typed = (text: string | undefined) => typedText(text ?? "").slice(0, 254);
const among = <Word extends string>(words: readonly Word[], word: string | undefined) => words.find((one) => one === word) ?? null;

/** What an address asks for; whatever it does not understand narrows nothing. */
export function auditCriteriaOf(query: Record<string, string | undefined>): AuditCriteria {
  return {
    by: among(["people", "system", "all"], query.by) ?? "people",
    actor: typed(query.actor),
    group: isEventGroup(query.group) ? query.group : null,
    about: typed(query.about),
    result: among(["denied", "done"], query.result),
    from: day(query.from),
    to: day(query.to),
  };
}

/** The same as an address says it: nothing of what narrows nothing. */
export function auditQuery({ by, ...rest }: AuditCriteria): URLSearchParams {
  const said = Object.entries({ by: by === "people" ? null : by, ...rest });
  return new URLSearchParams(said.flatMap(([name, value]) => (value ? [[name, value]] : [])));
}
