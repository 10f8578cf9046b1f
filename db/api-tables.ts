import { sql } from "drizzle-orm";
import { bigint, bigserial, index, integer, pgTable, primaryKey, text, timestamp } from "drizzle-orm/pg-core";
import { connections, merchants } from "./schema";

const at = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });
const made = () => at("created_at").notNull().default(sql`app_now()`);

export type KeyScope = "access:read" | "connections:read" | "connections:write" | "links:create" | "proxy" | "credentials:read";

/** `works`: the platform takes it; `renewed`: newer access has taken its place; `ended`: only the owner can help; `unsure`: nobody knows. */
export type AccessVerdict = "works" | "renewed" | "ended" | "unsure";

/** What a company's own backends authenticate with: shown once, known here by its hash alone. */
export const apiKeys = pgTable(
  "api_keys",
  {
    id: text("id").primaryKey(),
    name: text("name").notNull(),
    tokenHash: text("token_hash").notNull().unique(),
    /** Its first characters, by which a person tells keys apart. */
    hint: text("hint").notNull(),
    scopes: text("scopes").array().$type<KeyScope[]>().notNull(),
    /** Null: every merchant's. */
    merchantIds: text("merchant_ids").array(),
    /** Offers by their slug. Null: all of them. */
    offers: text("offers").array(),
    requestsPerSecond: integer("requests_per_second").notNull(),
    /** The key that it takes over from: both are good until that one is revoked or runs out. */
    replaces: text("replaces"),
    createdBy: text("created_by").notNull(),
    createdByName: text("created_by_name").notNull(),
    createdAt: made(),
    /** Null: never, which was asked for in so many words. */
    expiresAt: at("expires_at"),
    /** For how many days it was made, whatever shortens that; 0: without an end. Null: before this was kept. */
    livesDays: integer("lives_days"),
    revokedAt: at("revoked_at"),
    revokedBy: text("revoked_by"),
    /** It came in an address, where proxies and logs have seen it. */
    exposedAt: at("exposed_at"),
    lastUsedAt: at("last_used_at"),
  },
  (table) => [index("api_keys_made").on(table.createdAt, table.id)],
);

/** How often a key was handed a connection's access, by minute: written every few seconds, so that reading stays without a write. */
export const handOuts = pgTable(
  "hand_outs",
  {
    connectionId: text("connection_id").notNull(),
    keyId: text("key_id").notNull(),
    minute: at("minute").notNull(),
    n: integer("n").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.connectionId, table.keyId, table.minute] }),
    index("hand_outs_key").on(table.keyId, table.minute),
    index("hand_outs_minute").on(table.minute),
  ],
);

/** One key that gets nothing of one connection, until somebody lets it again. */
export const callerPauses = pgTable(
  "caller_pauses",
  {
    connectionId: text("connection_id").notNull(),
    keyId: text("key_id").notNull(),
    pausedBy: text("paused_by").notNull(),
    pausedByName: text("paused_by_name").notNull(),
    createdAt: made(),
  },
  (table) => [primaryKey({ columns: [table.connectionId, table.keyId] })],
);

/** A backend said that a connection's access was refused, and the platform is asked about it: once a minute, whoever says so. */
export const accessChecks = pgTable("access_checks", {
  connectionId: text("connection_id")
    .primaryKey()
    .references(() => connections.id, { onDelete: "cascade" }),
  generation: integer("generation").notNull(),
  begunAt: at("begun_at").notNull(),
  /** Null: the platform is still being asked. */
  verdict: text("verdict").$type<AccessVerdict>(),
});

/** What processes have taken of a key's requests in this second. */
export const apiBudgets = pgTable("api_budgets", {
  keyId: text("key_id").primaryKey(),
  second: bigint("second", { mode: "number" }).notNull(),
  taken: integer("taken").notNull(),
});

/** How often somebody came with a key that is none, in a minute: by network address, and by address and what the key begins with. */
export const keyFailures = pgTable("key_failures", {
  who: text("who").primaryKey(),
  minute: bigint("minute", { mode: "number" }).notNull(),
  n: integer("n").notNull(),
});

/** A merchant's way in without an account: for that merchant alone, and for that platform or connection where one is named. */
export const connectLinks = pgTable(
  "connect_links",
  {
    id: text("id").primaryKey(),
    tokenHash: text("token_hash").notNull().unique(),
    merchantId: text("merchant_id")
      .notNull()
      .references(() => merchants.id, { onDelete: "cascade" }),
    offer: text("offer"),
    /** The connection that is to be reconnected. */
    connectionId: text("connection_id"),
    locale: text("locale"),
    returnUrl: text("return_url"),
    /** Who made it: a key or a person. */
    createdByKind: text("created_by_kind").$type<"key" | "user">().notNull(),
    createdBy: text("created_by").notNull(),
    createdByName: text("created_by_name").notNull(),
    createdAt: made(),
    expiresAt: at("expires_at").notNull(),
    /** The browser that it belongs to since its first form was sent. */
    browserHash: text("browser_hash"),
    boundAt: at("bound_at"),
    /** A connection came of it. */
    usedAt: at("used_at"),
    resultId: text("result_id"),
    /** Staff took it back before it was used. */
    revokedAt: at("revoked_at"),
  },
  (table) => [index("connect_links_merchant").on(table.merchantId, table.createdAt), index("connect_links_ends").on(table.expiresAt)],
);

/** The order in which events are told of: given once they are committed, one batch after the other, so that no reader misses or repeats one. */
export const eventSeals = pgTable("event_seals", {
  seq: bigserial("seq", { mode: "number" }).primaryKey(),
  eventId: bigint("event_id", { mode: "number" }).notNull().unique(),
  /** Made of the hash before it, the place and the whole event, with a key that is not in the database. Null: sealed before there was a chain. */
  hash: text("hash"),
});

/** Events without a place in that order, as a trigger notes them. */
export const unsealedEvents = pgTable("unsealed_events", {
  eventId: bigint("event_id", { mode: "number" }).primaryKey(),
  notedAt: at("noted_at").notNull().default(sql`app_now()`),
});

/** Locked by whoever gives places: there is one row. Its head is the last place that was given, whose hash the next one is made of. */
export const eventSealer = pgTable("event_sealer", {
  id: integer("id").primaryKey(),
  headSeq: bigint("head_seq", { mode: "number" }),
  headHash: text("head_hash"),
  /** When the head was last told to the log. */
  toldAt: at("told_at"),
});

/** Where a chain begins: after that place. Its hash is made with the key, so that nobody without it begins one. */
export const eventAnchors = pgTable("event_anchors", {
  seq: bigint("seq", { mode: "number" }).primaryKey(),
  hash: text("hash").notNull(),
  /** Tells keys apart, and nothing about them. */
  keyId: text("key_id").notNull(),
  madeAt: at("made_at").notNull(),
  reason: text("reason").notNull(),
});

/** Each call that was passed through to a platform: written before it is made, so that none goes unwritten. Never a query, a header or a body. */
export const proxyCalls = pgTable(
  "proxy_calls",
  {
    id: bigserial("id", { mode: "number" }).primaryKey(),
    at: at("at").notNull().default(sql`app_now()`),
    connectionId: text("connection_id").notNull(),
    keyId: text("key_id").notNull(),
    method: text("method").notNull(),
    /** As it was asked for, below the platform's own address. */
    path: text("path").notNull(),
    /** The platform's; null: none has come. */
    status: integer("status"),
    /** How it ended where not with the end of the answer; null: it did, or it is under way. */
    failure: text("failure"),
    /** Until its end; null: it is under way, or the process that made it ended before it. */
    ms: integer("ms"),
  },
  (table) => [index("proxy_calls_connection").on(table.connectionId, table.id), index("proxy_calls_at").on(table.at)],
);
