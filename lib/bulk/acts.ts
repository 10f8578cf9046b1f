import type { Operation } from "@/lib/auth/permissions";

export const bulkActs = ["revoke", "renew", "test"] as const;
export type BulkAct = (typeof bulkActs)[number];

/** What somebody must be allowed to do with one connection in order to do it with many. */
export const operationOf = {
  revoke: "connection.revoke",
  renew: "connection.renew",
  test: "connection.test",
} as const satisfies Record<BulkAct, Operation>;

/** More than this is no selection but a migration. */
export const MOST_SELECTED = 100_000;
/** A revocation that the platform did not confirm in so many tries is told as not finished, and goes on being tried. */
export const TELLING_TRIES = 8;
/** A state that is in doubt is worked out before it decides who belongs to a selection. */
export const STATES_AT_ONCE = 2 * MOST_SELECTED;
