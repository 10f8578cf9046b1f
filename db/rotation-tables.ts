import { sql } from "drizzle-orm";
import { bigint, pgTable, primaryKey, text, timestamp } from "drizzle-orm/pg-core";
import { sealed } from "./sealed";

const at = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });

/** Which keys each process holds, the first of which seals: told by itself every few seconds, and taken back when it ends. */
export const keyRings = pgTable("key_rings", {
  id: text("id").primaryKey(),
  kind: text("kind").$type<"web" | "worker" | "command">().notNull(),
  keyIds: text("key_ids").array().notNull(),
  startedAt: at("started_at").notNull().default(sql`app_now()`),
  seenAt: at("seen_at").notNull().default(sql`app_now()`),
});

/** How far each sealed column has been sealed anew with a key: whoever goes on begins there. */
export const resealings = pgTable(
  "resealings",
  {
    tableName: text("table_name").notNull(),
    columnName: text("column_name").notNull(),
    keyId: text("key_id").notNull(),
    /** The last row that was looked at; null: the end was reached. */
    lastRow: text("last_row"),
    resealed: bigint("resealed", { mode: "number" }).notNull().default(0),
    updatedAt: at("updated_at").notNull().default(sql`app_now()`),
  },
  (table) => [primaryKey({ columns: [table.tableName, table.columnName] })],
);

/** Secrets that the installation made for itself and that stay as they are when its key is rotated. */
export const ownSecrets = pgTable("own_secrets", {
  name: text("name").primaryKey(),
  value: sealed("value").notNull(),
  createdAt: at("created_at").notNull().default(sql`app_now()`),
});
