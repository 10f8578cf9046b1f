import { createHash } from "node:crypto";
import { z } from "zod";
import { database } from "@/db/client";
import { type FoundRow, nearestName, rowsOf } from "@/db/connection-lists";
import { readClock } from "@/db/read-clock";
import type { UserActor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { type Criteria, criteriaOf, type ListQuery } from "./criteria";
import { type FoundPage, findPage, type Limits, type Total, usual } from "./find-page";
import { folded } from "./folded";
import { narrowingOf } from "./narrowing";
import { restate } from "./restate";
import { SPOT, spotOf, spotText } from "./spot-text";
import { type ConnectionView, view } from "./view";

const cursorSchema = z.string().regex(SPOT).optional().catch(undefined);
const pageSchema = z.object({ after: cursorSchema, before: cursorSchema });

/** What to ask again with for another page. */
export type Cursor = z.infer<typeof pageSchema>;
export type FoundConnection = ConnectionView & { ownerEmail: string | null };

export type Found = Omit<FoundPage, "ids" | "previous" | "next"> & {
  rows: FoundConnection[];
  asOf: Date;
  criteria: Criteria;
  /** False: more states had changed than could be worked out at once, and the next look knows more. */
  current: boolean;
  previous: Cursor | null;
  next: Cursor | null;
  /** The one connection that a pasted id stands for. */
  only: string | null;
  /** A name that is spelt much like the text, where nothing matches it. */
  nearest: string | null;
  /** The same, as long as nothing that is shown changed. */
  version: string;
};

/** Staff's view over all merchants: any of the language of lists, a page at a time. */
export async function search(actor: UserActor, input: ListQuery, limits: Partial<Limits> = {}): Promise<Found> {
  authorize(actor, "support.search");
  const criteria = criteriaOf(input);
  const { after, before } = pageSchema.parse(input);
  const current = await restate();
  const asOf = await readClock(database());
  const narrowing = await narrowingOf(criteria, asOf);
  const from = { spot: spotOf(after ?? before), back: after === undefined && before !== undefined };
  const { ids, previous, next, ...found } = await findPage(criteria, narrowing, from, { ...usual, ...limits });
  const rows = await rowsOf(database(), ids);
  return {
    ...found,
    // What changed since it was stored is not what was asked for.
    rows: rows
      .map(({ connection, merchantName, ownerEmail }) => ({ ...view(connection, merchantName, asOf), ownerEmail }))
      .filter(({ state }) => criteria.states.length === 0 || criteria.states.includes(state)),
    asOf,
    criteria,
    current,
    previous: previous && { before: spotText(previous) },
    next: next && { after: spotText(next) },
    only: named(criteria, rows),
    nearest: rows.length === 0 && criteria.text !== "" ? await nearestName(database(), folded(criteria.text)) : null,
    version: versionOf(rows, found.total),
  };
}

/** The row that a text names whole, by its own id or by that of the attempt that made it. */
const named = ({ text }: Criteria, rows: readonly FoundRow[]): string | null =>
  rows.length === 1 ? (rows.find(({ connection: { id, attemptId } }) => id === text || attemptId === text)?.connection.id ?? null) : null;

// A number that is estimated comes out a little different each time, and nothing has changed.
function versionOf(rows: readonly FoundRow[], { n, is }: Total): string {
  const facts = rows.map(({ connection: { id, state, updatedAt } }) => `${id} ${state} ${updatedAt.getTime()}`);
  return createHash("sha256")
    .update([is === "exact" ? n : is, ...facts].join("\n"))
    .digest("base64url")
    .slice(0, 16);
}
