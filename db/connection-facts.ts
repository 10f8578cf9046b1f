import { sql } from "drizzle-orm";
import type { AnyPgColumn } from "drizzle-orm/pg-core";
import type { Connection } from "./connections";
import { connections } from "./schema";

/** A row's place in an order by time. Microseconds since 1970 as text: a Date would lose the last three digits and with them rows. */
export type Place = { at: string; id: string };

export const microseconds = (column: AnyPgColumn) => sql<string>`(extract(epoch from ${column}) * 1000000)::bigint::text`;
export const moment = (at: string) => sql`(timestamptz 'epoch' + ${at}::bigint * interval '1 microsecond')`;

/** What decides a row's state, and its place by last change: enough to walk over many rows. */
export const facts = {
  id: connections.id,
  at: microseconds(connections.updatedAt),
  offer: connections.offer,
  status: connections.status,
  connectedAt: connections.connectedAt,
  issuedAt: connections.issuedAt,
  expiresAt: connections.expiresAt,
  renewableUntil: connections.renewableUntil,
  renewable: connections.renewable,
  lastProofAt: connections.lastProofAt,
  firstFailureAt: connections.firstFailureAt,
  failures: connections.failures,
  trouble: connections.trouble,
  leaseUntil: connections.leaseUntil,
  sentAt: connections.sentAt,
};

export type FactsRow = Pick<Connection, Exclude<keyof typeof facts, "at">> & Place;
