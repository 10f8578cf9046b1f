import { database } from "@/db/client";
import { rowsOf } from "@/db/connection-lists";
import { findMerchantKnownAs } from "@/db/merchants";
import { readClock } from "@/db/read-clock";
import type { KeyActor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { criteriaOf, type ListQuery, type ListSort, listOrder } from "./criteria";
import { openCursor, sealCursor } from "./cursor";
import { findPage, type Limits, type Total, usual } from "./find-page";
import { type HealthState, healthStates } from "./health";
import { both, narrowingOf } from "./narrowing";
import { restate } from "./restate";
import { spotOf, spotText } from "./spot-text";
import { type ConnectionView, view } from "./view";

export type Asked = {
  /** In the language of lists. */
  query: ListQuery;
  /** By our id or the company's own one. */
  merchant?: string | undefined;
  /** The platform's own id of the account. */
  account?: string | undefined;
  sort: ListSort;
  limit: number;
  after?: string | undefined;
};

export type ConnectionsPage = { rows: ConnectionView[]; total: Total; next: string | null };

/** A half-made row is no connection yet. */
const connectedStates: readonly HealthState[] = healthStates.filter((state) => state !== "pending");

/** A backend's view over the connections that its key may see, a page at a time. */
export async function findConnections(actor: KeyActor, asked: Asked, limits: Partial<Limits> = {}): Promise<ConnectionsPage> {
  authorize(actor, "connection.list");
  const understood = criteriaOf(asked.query);
  const states = understood.states.length > 0 ? understood.states.filter((state) => state !== "pending") : connectedStates;
  const criteria = { ...understood, states, sort: asked.sort };
  const place = { row: actor.id, order: listOrder(criteria) };
  const spot = asked.after === undefined ? null : spotOf(openCursor(asked.after, place));
  await restate();
  const now = await readClock(database());
  const within = { owners: await ownersOf(actor, asked.merchant), offers: actor.offers, account: asked.account ?? null };
  const narrowing = await narrowingOf(criteria, now, within);
  if (states.length === 0) return { rows: [], total: { n: 0, is: "exact" }, next: null };
  const page = await findPage(criteria, narrowing, { spot, back: false }, { ...usual, ...limits, page: asked.limit });
  const rows = await rowsOf(database(), page.ids);
  return {
    // What changed since it was stored is not what was asked for.
    rows: rows
      .map(({ connection, merchantName }) => view(connection, merchantName, now))
      .filter(({ state, connectedAt }) => states.includes(state) && connectedAt !== null),
    total: page.total,
    next: page.next && sealCursor(spotText(page.next), place),
  };
}

async function ownersOf(actor: KeyActor, merchant: string | undefined): Promise<readonly string[] | null> {
  if (merchant === undefined) return actor.merchantIds;
  const found = await findMerchantKnownAs(database(), merchant);
  return found ? both(found.id, actor.merchantIds) : [];
}
