import { sql } from "drizzle-orm";
import { index, integer, jsonb, pgTable, primaryKey, text, timestamp } from "drizzle-orm/pg-core";

const at = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });

export type BulkAct = "revoke" | "renew" | "test";
/** Why a selected connection is left out, where nothing can be done with it. */
export type Exclusion = "revoked" | "pending" | "not_configured" | "nothing_to_renew";

/** One act on many connections, fixed when it was confirmed. It goes on by itself and by its items alone, whichever process is up. */
export const bulkRuns = pgTable(
  "bulk_runs",
  {
    id: text("id").primaryKey(),
    act: text("act").$type<BulkAct>().notNull(),
    status: text("status").$type<"running" | "stopped" | "done">().notNull().default("running"),
    /** Who stopped it, or `may_not`: whoever it acts for may not do this any more. */
    stoppedBy: text("stopped_by"),
    reason: text("reason"),
    ticket: text("ticket"),
    /** What was asked for, as the list's own address says it; null: they were chosen one by one. */
    query: text("query"),
    /** In whose name it acts: who confirmed it, or who had it go on. */
    byId: text("by_id").notNull(),
    byName: text("by_name").notNull(),
    excluded: jsonb("excluded").$type<Partial<Record<Exclusion, number>>>().notNull().default({}),
    startedAt: at("started_at").notNull().default(sql`app_now()`),
    finishedAt: at("finished_at"),
  },
  (table) => [index("bulk_runs_running").on(table.startedAt).where(sql`status = 'running'`), index("bulk_runs_recent").on(table.startedAt)],
);

/** `asked`: access has ended here, and the platform has not confirmed that yet. */
export type ItemStatus = "waiting" | "asked" | "done" | "failed";

export const bulkItems = pgTable(
  "bulk_items",
  {
    runId: text("run_id")
      .notNull()
      .references(() => bulkRuns.id, { onDelete: "cascade" }),
    connectionId: text("connection_id").notNull(),
    offer: text("offer").notNull(),
    status: text("status").$type<ItemStatus>().notNull().default("waiting"),
    /** How it came out, in a word, or the code of what is in the way. */
    code: text("code"),
    /** The access that was there when it was first begun: newer access needs no renewal more. */
    generation: integer("generation"),
    tries: integer("tries").notNull().default(0),
    nextAt: at("next_at").notNull().default(sql`app_now()`),
    leaseId: text("lease_id"),
    leaseUntil: at("lease_until"),
  },
  (table) => [
    primaryKey({ columns: [table.runId, table.connectionId] }),
    index("bulk_items_status").on(table.runId, table.status, table.offer, table.connectionId),
    index("bulk_items_asked").on(table.runId).where(sql`status = 'asked'`),
  ],
);
