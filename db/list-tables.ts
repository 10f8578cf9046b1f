import { sql } from "drizzle-orm";
import { index, pgTable, text, timestamp, uniqueIndex } from "drizzle-orm/pg-core";
import { connections, users } from "./schema";

/**
 * What a connection is found by, folded by the database's `folded`: kept by triggers on everything that it is made of. Beside connections,
 * because its trigrams would else be written anew with every renewal.
 */
export const connectionTexts = pgTable(
  "connection_texts",
  {
    connectionId: text("connection_id")
      .primaryKey()
      .references(() => connections.id, { onDelete: "cascade" }),
    folded: text("folded").notNull(),
  },
  (table) => [index("connection_texts_trigrams").using("gin", table.folded.op("gin_trgm_ops"))],
);

/** Lists that a person gave a name to: a query in the language of lists. */
export const savedViews = pgTable(
  "saved_views",
  {
    id: text("id").primaryKey(),
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    name: text("name").notNull(),
    query: text("query").notNull(),
    createdAt: timestamp("created_at", { withTimezone: true, mode: "date" }).notNull().default(sql`app_now()`),
  },
  (table) => [uniqueIndex("saved_views_one").on(table.userId, table.name)],
);
