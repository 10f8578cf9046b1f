import { sql } from "drizzle-orm";
import { index, pgTable, text, timestamp } from "drizzle-orm/pg-core";

const at = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });

/**
 * Each time that this database was filled from a backup. What a platform issued between the two moments is not in it: access from before
 * the first that is refused after the second has been replaced in between, and its owner has done nothing wrong.
 */
export const restores = pgTable(
  "restores",
  {
    id: text("id").primaryKey(),
    /** The moment that the backup shows. */
    takenAt: at("taken_at").notNull(),
    restoredAt: at("restored_at").notNull().default(sql`app_now()`),
  },
  (table) => [index("restores_restored").on(table.restoredAt)],
);
