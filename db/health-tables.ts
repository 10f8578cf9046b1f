import { bigserial, integer, pgTable, primaryKey, text, timestamp } from "drizzle-orm/pg-core";

const at = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });

/**
 * What becomes of a connection's access when it runs out: `planned`, its renewal has a time; `unplanned`, it is live and its renewal has none,
 * because it is fetched when somebody needs it or nothing can renew it; `refused`, only its owner can. One that is not live is not counted.
 */
export type Renews = "planned" | "unplanned" | "refused";

/** How many connections' access runs out in an hour, and how many's renewals are due in it. */
export const hourTallies = pgTable(
  "hour_tallies",
  {
    kind: text("kind").$type<"runs_out" | "due">().notNull(),
    hour: at("hour").notNull(),
    offer: text("offer").notNull(),
    renews: text("renews").$type<Renews>().notNull(),
    n: integer("n").notNull(),
  },
  (table) => [primaryKey({ columns: [table.kind, table.hour, table.offer, table.renews] })],
);

/** What is not in those numbers yet: a connection that left its hours (-1) or came to them (1), written by a trigger. */
export const hourChanges = pgTable("hour_changes", {
  id: bigserial("id", { mode: "number" }).primaryKey(),
  offer: text("offer").notNull(),
  renews: text("renews").$type<Renews>().notNull(),
  runsOut: at("runs_out"),
  due: at("due"),
  n: integer("n").notNull(),
});

/** What the background work came to in a minute, over all processes. */
export const workMinutes = pgTable(
  "work_minutes",
  {
    minute: at("minute").notNull(),
    what: text("what").$type<"rounds" | "renewals">().notNull(),
    n: integer("n").notNull(),
  },
  (table) => [primaryKey({ columns: [table.minute, table.what] })],
);

/** How many connections had each cause at the beginning of an hour, kept to compare with. */
export const causeHours = pgTable(
  "cause_hours",
  {
    hour: at("hour").notNull(),
    cause: text("cause").notNull(),
    n: integer("n").notNull(),
  },
  (table) => [primaryKey({ columns: [table.hour, table.cause] })],
);
