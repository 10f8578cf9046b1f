import { sql } from "drizzle-orm";
import { boolean, index, integer, jsonb, pgTable, primaryKey, text, timestamp, uniqueIndex } from "drizzle-orm/pg-core";
import { sealed } from "./sealed";

const at = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });
const made = () => at("created_at").notNull().default(sql`app_now()`);

type Languages = { en: string; ar: string };

/** What an admin says of a platform that follows the standards; nothing of it is secret. Absent endpoints are announced by the issuer. */
export type OfferSettings = {
  name: string;
  monogram: string;
  clientId: string;
  issuer: string | null;
  authorizeUrl: string | null;
  tokenUrl: string | null;
  revokeUrl: string | null;
  introspectUrl: string | null;
  userinfoUrl: string | null;
  testUrl: string | null;
  /** Absent in rows from before it was asked for. */
  apiUrl?: string | null;
  scopes: string[];
  scopeSeparator: string;
  authMethod: "basic" | "post" | "none";
  pkce: boolean;
  authorizeParams: Record<string, string>;
  revokeEndsAll: boolean;
  help: Languages;
  /** What merchants allow, in plain words: a line for each. */
  allows: Languages;
};

/** Platforms that an admin added here, beside those of the environment. A draft is seen by admins alone. */
export const offers = pgTable("offers", {
  slug: text("slug").primaryKey(),
  settings: jsonb("settings").$type<OfferSettings>().notNull(),
  published: boolean("published").notNull().default(false),
  /** The fingerprint that its last good dry run was made with. */
  provedAs: text("proved_as"),
  provedAt: at("proved_at"),
  createdBy: text("created_by").notNull(),
  createdAt: made(),
  updatedAt: at("updated_at").notNull().default(sql`app_now()`),
});

/** Client secrets of those: one is used, and another may be held beside it while the platform knows both. */
export const offerSecrets = pgTable(
  "offer_secrets",
  {
    id: text("id").primaryKey(),
    offer: text("offer")
      .notNull()
      .references(() => offers.slug, { onDelete: "cascade" }),
    value: sealed("value").notNull(),
    current: boolean("current").notNull(),
    createdBy: text("created_by").notNull(),
    createdAt: made(),
    lastUsedAt: at("last_used_at"),
  },
  (table) => [uniqueIndex("offer_secrets_current").on(table.offer).where(sql`current`), index("offer_secrets_offer").on(table.offer)],
);

/** Platforms, whoever configured them, whose renewals an admin holds back for a while. */
export const offerPauses = pgTable("offer_pauses", {
  offer: text("offer").primaryKey(),
  reason: text("reason").notNull(),
  until: at("until").notNull(),
  pausedBy: text("paused_by").notNull(),
  pausedAt: at("paused_at").notNull().default(sql`app_now()`),
});

/** One row, whose value is another one after any change of the tables above: who has seen it knows what they hold. */
export const offerVersion = pgTable("offer_version", { id: integer("id").primaryKey(), value: text("value").notNull() });

/** How many calls each platform got in a minute, and how many of them failed, over all processes. */
export const offerMinutes = pgTable(
  "offer_minutes",
  {
    offer: text("offer").notNull(),
    minute: at("minute").notNull(),
    calls: integer("calls").notNull(),
    failed: integer("failed").notNull(),
  },
  (table) => [primaryKey({ columns: [table.offer, table.minute] }), index("offer_minutes_minute").on(table.minute)],
);

export type TryStep = { step: "consent" | "exchange" | "renew" | "prove" | "revoke"; result: "good" | "bad" | "none"; code: string | null };

/** An admin's own consent at a platform, to see whether it works: it belongs to no merchant, and nothing but its results is kept. */
export const offerTries = pgTable(
  "offer_tries",
  {
    id: text("id").primaryKey(),
    offer: text("offer").notNull(),
    offerFingerprint: text("offer_fingerprint").notNull(),
    userId: text("user_id").notNull(),
    stateHash: text("state_hash").unique(),
    browserHash: text("browser_hash"),
    redirectUri: text("redirect_uri").notNull(),
    verifier: sealed("verifier"),
    answer: sealed("answer"),
    access: sealed("access"),
    renewal: sealed("renewal"),
    status: text("status").$type<"open" | "answered" | "running" | "done">().notNull(),
    steps: jsonb("steps").$type<TryStep[]>().notNull().default([]),
    leaseUntil: at("lease_until"),
    expiresAt: at("expires_at").notNull(),
    createdAt: made(),
  },
  (table) => [index("offer_tries_unfinished").on(table.expiresAt).where(sql`status <> 'done'`), index("offer_tries_offer").on(table.offer)],
);
