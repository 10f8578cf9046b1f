import { sql } from "drizzle-orm";
import {
  bigint,
  bigserial,
  boolean,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
} from "drizzle-orm/pg-core";
import { sealed } from "./sealed";

const at = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });
const made = () => at("created_at").notNull().default(sql`app_now()`);

/** A known text sealed by each key, so that a wrong key is found at start. */
export const keyChecks = pgTable("key_checks", {
  keyId: text("key_id").primaryKey(),
  value: sealed("value").notNull(),
  /** `opening`: it has never been anybody's first and sealed nothing yet; `retired`: nothing is sealed by it any more. */
  stage: text("stage").$type<"opening" | "sealing" | "retired">().notNull().default("sealing"),
  /** How often it has sealed, as processes tell every few seconds: with random IVs one key is good for so many. */
  sealings: bigint("sealings", { mode: "number" }).notNull().default(0),
  createdAt: made(),
});

export const merchants = pgTable(
  "merchants",
  {
    id: text("id").primaryKey(),
    name: text("name").notNull(),
    externalId: text("external_id").unique(),
    createdAt: made(),
  },
  (table) => [
    index("merchants_spelling").using("gin", sql`folded(${table.name}) gin_trgm_ops`),
    index("merchants_name").on(table.name, table.id),
  ],
);

export const users = pgTable(
  "users",
  {
    id: text("id").primaryKey(),
    name: text("name"),
    email: text("email").notNull().unique(),
    emailVerified: at("email_verified"),
    /** The language that this person last chose: mails to them are written in it. */
    locale: text("locale"),
    /** Kinds of mail that this person does not want. */
    unsubscribed: text("unsubscribed").array().notNull().default([]),
    disabledAt: at("disabled_at"),
    createdAt: made(),
  },
  (table) => [index("users_find").using("gin", sql`lower(coalesce(${table.name}, '') || ' ' || ${table.email}) gin_trgm_ops`)],
);

/** Who a person is at an identity provider: keyed by provider and subject, never by e-mail. No tokens of theirs are kept. */
export const accounts = pgTable(
  "accounts",
  {
    provider: text("provider").notNull(),
    subject: text("subject").notNull(),
    type: text("type").notNull(),
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    createdAt: made(),
  },
  (table) => [primaryKey({ columns: [table.provider, table.subject] }), index("accounts_user").on(table.userId)],
);

export const sessions = pgTable(
  "sessions",
  {
    tokenHash: text("token_hash").primaryKey(),
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    expiresAt: at("expires_at").notNull(),
    /** The last request, to within some minutes: idle time counts from here. */
    seenAt: at("seen_at").notNull().default(sql`app_now()`),
    createdAt: made(),
  },
  (table) => [index("sessions_user").on(table.userId)],
);

/** Single-use sign-in links: only the token's hash is stored. */
export const verificationTokens = pgTable(
  "verification_tokens",
  {
    identifier: text("identifier").notNull(),
    tokenHash: text("token_hash").notNull(),
    expiresAt: at("expires_at").notNull(),
    createdAt: made(),
  },
  (table) => [primaryKey({ columns: [table.identifier, table.tokenHash] })],
);

export type Role = "member" | "support" | "admin";

/** `merchantId` null: staff. */
export const memberships = pgTable(
  "memberships",
  {
    id: text("id").primaryKey(),
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    merchantId: text("merchant_id").references(() => merchants.id, { onDelete: "cascade" }),
    role: text("role").$type<Role>().notNull(),
    createdAt: made(),
  },
  (table) => [
    uniqueIndex("memberships_one").on(table.userId, sql`coalesce(${table.merchantId}, '')`),
    index("memberships_merchant").on(table.merchantId),
  ],
);

export const invitations = pgTable(
  "invitations",
  {
    id: text("id").primaryKey(),
    email: text("email").notNull(),
    role: text("role").$type<Role>().notNull(),
    merchantId: text("merchant_id").references(() => merchants.id, { onDelete: "cascade" }),
    invitedBy: text("invited_by"),
    expiresAt: at("expires_at").notNull(),
    acceptedAt: at("accepted_at"),
    acceptedBy: text("accepted_by"),
    createdAt: made(),
  },
  (table) => [index("invitations_email").on(table.email)],
);

export type AttemptStatus = "open" | "answered" | "issued" | "finished";
export type AttemptOutcome =
  | "connected"
  | "renewed"
  | "different_account"
  | "held_elsewhere"
  | "denied"
  | "nothing"
  | "timed_out"
  | "not_matched"
  | "replaced"
  | "cancelled"
  | "refused"
  | "unreachable"
  | "our_fault"
  | "abandoned";

/** A consent on its way. The raw state is never stored; the code and the verifier only sealed, and erased once used. */
export const attempts = pgTable(
  "attempts",
  {
    id: text("id").primaryKey(),
    stateHash: text("state_hash").unique(),
    browserHash: text("browser_hash"),
    offer: text("offer").notNull(),
    /** What the offer looked like at the start: an edited platform cancels its open attempts. */
    offerFingerprint: text("offer_fingerprint").notNull(),
    merchantId: text("merchant_id")
      .notNull()
      .references(() => merchants.id, { onDelete: "cascade" }),
    userId: text("user_id").notNull(),
    /** The connection that is being reconnected. */
    connectionId: text("connection_id"),
    label: text("label"),
    redirectUri: text("redirect_uri"),
    verifier: sealed("verifier"),
    answer: sealed("answer"),
    status: text("status").$type<AttemptStatus>().notNull(),
    outcome: text("outcome").$type<AttemptOutcome>(),
    troubleCode: text("trouble_code"),
    customerText: text("customer_text"),
    resultId: text("result_id"),
    leaseId: text("lease_id"),
    leaseUntil: at("lease_until"),
    /** Committed before the code leaves: a code is sent at most once. */
    sentAt: at("sent_at"),
    answeredAt: at("answered_at"),
    /** The starting user came back signed in: only then may a job finish the attempt. */
    presentAt: at("present_at"),
    tries: integer("tries").notNull().default(0),
    expiresAt: at("expires_at").notNull(),
    finishedAt: at("finished_at"),
    createdAt: made(),
  },
  (table) => [
    index("attempts_unfinished").on(table.status, table.expiresAt).where(sql`status <> 'finished'`),
    index("attempts_connection").on(table.connectionId),
    index("attempts_user").on(table.userId, table.createdAt),
  ],
);

export type HealthState =
  | "revoked"
  | "pending"
  | "needs_reconnect"
  | "expired_renewable"
  | "refresh_failing"
  | "renewal_late"
  | "expiring_soon"
  | "unknown"
  | "renewing"
  | "healthy";

export type ConnectionStatus = "pending" | "active" | "reconnect" | "revoking" | "revoked";

export const connections = pgTable(
  "connections",
  {
    id: text("id").primaryKey(),
    merchantId: text("merchant_id")
      .notNull()
      .references(() => merchants.id),
    offer: text("offer").notNull(),
    provider: text("provider").notNull(),
    environment: text("environment").notNull(),
    accountId: text("account_id"),
    accountLabel: text("account_label"),
    label: text("label"),
    status: text("status").$type<ConnectionStatus>().notNull(),
    /** The attempt that a pending row belongs to. */
    attemptId: text("attempt_id"),
    scopes: text("scopes").array().notNull().default([]),
    access: sealed("access"),
    renewal: sealed("renewal"),
    renewable: boolean("renewable").notNull().default(false),
    issuedAt: at("issued_at"),
    expiresAt: at("expires_at"),
    renewableUntil: at("renewable_until"),
    lastProofAt: at("last_proof_at"),
    /** Rises with every new access, so that a reader can name the one that was refused. */
    generation: integer("generation").notNull().default(0),
    /** Rises with every lease: only the holder of the current one may settle. */
    epoch: integer("epoch").notNull().default(0),
    leaseId: text("lease_id"),
    leaseUntil: at("lease_until"),
    /** Set before a call that spends the renewal, cleared when it settled. Set without a lease: in doubt. */
    sentAt: at("sent_at"),
    nextRefreshAt: at("next_refresh_at"),
    /** When the platform is to be asked next whether the grant still stands. */
    nextProofAt: at("next_proof_at"),
    /** The last time that anybody asked for its access: what is fetched on demand is kept warm only while it is used. */
    usedAt: at("used_at"),
    /** Leases that ended without a word, one after the other: the third puts the row aside. */
    crashes: integer("crashes").notNull().default(0),
    failures: integer("failures").notNull().default(0),
    firstFailureAt: at("first_failure_at"),
    trouble: text("trouble"),
    troubleCode: text("trouble_code"),
    troubleAt: at("trouble_at"),
    customerText: text("customer_text"),
    connectedAt: at("connected_at"),
    connectedBy: text("connected_by"),
    revokeReach: text("revoke_reach").$type<"authorization" | "token" | "here">(),
    revokeReason: text("revoke_reason"),
    revokedBy: text("revoked_by"),
    revokeAskedAt: at("revoke_asked_at"),
    revokeTries: integer("revoke_tries").notNull().default(0),
    revokeNextAt: at("revoke_next_at"),
    /** Who ended it: the platform confirmed, only we erased it, or the platform ended it together with a sibling. */
    revokeConfirmed: text("revoke_confirmed").$type<"remote" | "local" | "sibling">(),
    revokedAt: at("revoked_at"),
    /**
     * Its health, worked out from the facts above (lib/connections/health.ts) and true until `stateChangesAt`. A trigger sets that moment into
     * the past whenever a fact changes; a row past it is never believed, and any process may work it out anew. Null: shown to nobody.
     */
    state: text("state").$type<HealthState>(),
    /** Null: nothing changes it but another fact. */
    stateChangesAt: at("state_changes_at"),
    /** The moment after which only the merchant can mend it; null: none is known. */
    noReturnAt: at("no_return_at"),
    /** Since when it is in that state, as the last one to work it out saw it. */
    stateSince: at("state_since"),
    /** Since when its owner is needed: states that only pass, such as a renewal on its way, begin no new need. */
    ownerNeededAt: at("owner_needed_at"),
    createdAt: made(),
    updatedAt: at("updated_at").notNull().default(sql`app_now()`),
  },
  (table) => [
    uniqueIndex("connections_account")
      .on(table.offer, table.environment, table.accountId)
      .where(sql`account_id is not null and status in ('active', 'reconnect')`),
    index("connections_merchant").on(table.merchantId, table.createdAt),
    index("connections_account_any").on(table.offer, table.accountId),
    index("connections_expiry").on(table.expiresAt, table.id).where(sql`status in ('active', 'reconnect')`),
    index("connections_due").on(table.offer, table.nextRefreshAt).where(sql`status = 'active' and next_refresh_at is not null`),
    index("connections_held")
      .on(table.offer, table.nextRefreshAt)
      .where(sql`status = 'active' and next_refresh_at is not null and (crashes > 0 or lease_id is not null)`),
    index("connections_proof").on(table.offer, table.nextProofAt).where(sql`status = 'active' and next_proof_at is not null`),
    index("connections_sent").on(table.sentAt).where(sql`sent_at is not null`),
    index("connections_state").on(table.state, table.updatedAt, table.id).where(sql`state is not null`),
    index("connections_kinds")
      .on(table.offer, table.environment, table.state, table.troubleCode, table.updatedAt, table.id)
      .where(sql`state is not null`),
    index("connections_created").on(table.createdAt, table.id),
    index("connections_unrenewed")
      .on(table.expiresAt, table.id)
      .where(sql`status = 'reconnect' or (status = 'active' and next_refresh_at is null)`),
    index("connections_restate").on(table.stateChangesAt).where(sql`state_changes_at is not null`),
    index("connections_no_return").on(table.noReturnAt, table.id).where(sql`no_return_at is not null`),
    index("connections_state_no_return").on(table.state, table.noReturnAt, table.id).where(sql`no_return_at is not null`),
    index("connections_refused").on(table.stateSince).where(sql`state = 'needs_reconnect'`),
    index("connections_unproved").on(table.id).where(sql`status = 'active' and next_proof_at is null`),
    index("connections_owner").on(table.ownerNeededAt).where(sql`owner_needed_at is not null`),
    index("connections_revoking").on(table.revokeNextAt).where(sql`status = 'revoking'`),
    index("connections_never").on(table.revokedAt).where(sql`status = 'revoked' and connected_at is null`),
    index("connections_unsettled").on(table.status).where(sql`status in ('pending', 'revoking')`),
  ],
);

/** Secrets beside the connection's own: `candidate`, won by a holder who had lost the lease; `superseded`, kept until the next is proven. */
export const grants = pgTable(
  "grants",
  {
    id: text("id").primaryKey(),
    connectionId: text("connection_id")
      .notNull()
      .references(() => connections.id, { onDelete: "cascade" }),
    merchantId: text("merchant_id").notNull(),
    reason: text("reason").$type<"candidate" | "superseded">().notNull(),
    access: sealed("access"),
    renewal: sealed("renewal"),
    epoch: integer("epoch").notNull(),
    /** Not to be tried before. */
    nextAt: at("next_at"),
    createdAt: made(),
  },
  (table) => [index("grants_connection").on(table.connectionId)],
);

/** Append-only. Holds facts, never secrets. */
export const events = pgTable(
  "events",
  {
    id: bigserial("id", { mode: "number" }).primaryKey(),
    at: at("at").notNull().default(sql`app_now()`),
    kind: text("kind").notNull(),
    actorKind: text("actor_kind").notNull(),
    actorId: text("actor_id"),
    actorName: text("actor_name"),
    /** The network address that a person acted from; null where nobody knows it. */
    actorAddress: text("actor_address"),
    merchantId: text("merchant_id"),
    connectionId: text("connection_id"),
    attemptId: text("attempt_id"),
    reason: text("reason"),
    facts: jsonb("facts").$type<Record<string, string | number | boolean | null>>().notNull().default({}),
  },
  (table) => [
    index("events_connection").on(table.connectionId, table.id),
    index("events_merchant").on(table.merchantId, table.id),
    index("events_at").on(table.at),
    index("events_noun").on(sql`split_part(${table.kind}, '.', 1)`, table.id),
    // What people did is little beside all the renewals.
    index("events_people").on(table.id).where(sql`actor_kind = 'user'`),
    index("events_people_noun").on(sql`split_part(${table.kind}, '.', 1)`, table.id).where(sql`actor_kind = 'user'`),
    index("events_person").on(table.actorId, table.id).where(sql`actor_kind = 'user'`),
    index("events_about").on(sql`(facts->>'email')`, table.id).where(sql`facts->>'email' is not null`),
    // However often somebody tries what is not theirs, it is told once a minute.
    uniqueIndex("events_denied")
      .on(table.actorId, sql`(facts->>'operation')`, sql`date_trunc('minute', "at" at time zone 'UTC')`)
      .where(sql`kind = 'access.denied'`),
  ],
);

/** The pace of one platform for the whole installation. */
export const gates = pgTable("gates", {
  name: text("name").primaryKey(),
  tokens: doublePrecision("tokens").notNull(),
  refilledAt: at("refilled_at").notNull().default(sql`app_now()`),
  busyBy: text("busy_by"),
  busyUntil: at("busy_until"),
  /** Until then a call that yields leaves it to whoever waits for it. */
  wantedUntil: at("wanted_until"),
  pausedUntil: at("paused_until"),
  pausedWhy: text("paused_why"),
  /** How often it was "too many" without a call that went well in between. */
  strikes: integer("strikes").notNull().default(0),
});

/** A platform refuses our own client: its renewals, exchanges and revocations pause, and one at a time probes whether it is mended. */
export const incidents = pgTable(
  "incidents",
  {
    id: text("id").primaryKey(),
    offer: text("offer").notNull(),
    code: text("code").notNull(),
    openedAt: at("opened_at").notNull().default(sql`app_now()`),
    /** When the next piece of work may try the client again. */
    probeAt: at("probe_at").notNull(),
    probes: integer("probes").notNull().default(0),
    closedAt: at("closed_at"),
  },
  (table) => [uniqueIndex("incidents_open").on(table.offer).where(sql`closed_at is null`)],
);

/** Sessions that a platform shares between calls, made once for all processes. `merchantId` empty: the installation's. */
export const platformSessions = pgTable(
  "platform_sessions",
  {
    id: text("id").primaryKey(),
    offer: text("offer").notNull(),
    merchantId: text("merchant_id").notNull(),
    keyHash: text("key_hash").notNull(),
    value: sealed("value"),
    expiresAt: at("expires_at"),
    leaseId: text("lease_id"),
    leaseUntil: at("lease_until"),
    createdAt: made(),
  },
  (table) => [uniqueIndex("platform_sessions_key").on(table.offer, table.merchantId, table.keyHash)],
);

export const platformSessionUses = pgTable(
  "platform_session_uses",
  {
    sessionId: text("session_id")
      .notNull()
      .references(() => platformSessions.id, { onDelete: "cascade" }),
    connectionId: text("connection_id")
      .notNull()
      .references(() => connections.id, { onDelete: "cascade" }),
  },
  (table) => [
    primaryKey({ columns: [table.sessionId, table.connectionId] }),
    index("platform_session_uses_connection").on(table.connectionId),
  ],
);

/** How many connections there are of each kind, as differences that a trigger writes and anybody may add up: the sum is the truth. */
export const stateTallies = pgTable("state_tallies", {
  id: bigserial("id", { mode: "number" }).primaryKey(),
  offer: text("offer").notNull(),
  environment: text("environment").notNull(),
  state: text("state").$type<HealthState>().notNull(),
  /** Its trouble's code; null: none. */
  cause: text("cause"),
  n: integer("n").notNull(),
});

/** What each offer's rules for health were when its connections' states were last worked out: new rules, new states. */
export const statePolicies = pgTable("state_policies", {
  offer: text("offer").primaryKey(),
  fingerprint: text("fingerprint").notNull(),
});

/** Processes that do the background work, each told of by its own last round. */
export const workers = pgTable(
  "workers",
  {
    id: text("id").primaryKey(),
    kind: text("kind").$type<"web" | "worker" | "cron">().notNull(),
    startedAt: at("started_at").notNull().default(sql`app_now()`),
    seenAt: at("seen_at").notNull().default(sql`app_now()`),
  },
  (table) => [index("workers_seen").on(table.seenAt)],
);

/** What platforms tell us by themselves, kept before it is acknowledged and done once. Facts only, no secret. */
export const notices = pgTable(
  "notices",
  {
    id: text("id").primaryKey(),
    offer: text("offer").notNull(),
    /** The platform's own id of the event: a repeated delivery is the same notice. */
    eventId: text("event_id").notNull(),
    kind: text("kind").$type<"revoked">().notNull(),
    accountId: text("account_id").notNull(),
    /** When it happened, by the platform's clock. */
    happenedAt: at("happened_at").notNull(),
    receivedAt: at("received_at").notNull().default(sql`app_now()`),
    tries: integer("tries").notNull().default(0),
    nextAt: at("next_at").notNull().default(sql`app_now()`),
    doneAt: at("done_at"),
    outcome: text("outcome"),
  },
  (table) => [
    uniqueIndex("notices_event").on(table.offer, table.eventId),
    index("notices_waiting").on(table.nextAt).where(sql`done_at is null`),
  ],
);

export type AlertKind =
  | "needs_reconnect"
  | "point_of_no_return"
  | "renewal_late"
  | "incident"
  | "worker_silent"
  | "audit_broken"
  | "key_worn";

/**
 * Where alerts go. `address`: an e-mail address or a webhook's URL; empty where it was removed, since a row that stays tells that the
 * defaults were made once.
 */
export const alertDestinations = pgTable("alert_destinations", {
  id: text("id").primaryKey(),
  kind: text("kind").$type<"email" | "webhook">().notNull(),
  address: text("address").notNull(),
  locale: text("locale").notNull().default("en"),
  /** A webhook's signing secret, and the one before it while both are good. */
  secret: sealed("secret"),
  previousSecret: sealed("previous_secret"),
  previousUntil: at("previous_until"),
  disabledAt: at("disabled_at"),
  createdBy: text("created_by"),
  createdAt: made(),
});

export const alertRules = pgTable(
  "alert_rules",
  {
    id: text("id").primaryKey(),
    kind: text("kind").$type<AlertKind>().notNull(),
    destinationId: text("destination_id")
      .notNull()
      .references(() => alertDestinations.id, { onDelete: "cascade" }),
    /** How many connections it takes, for `point_of_no_return` how many days before, for `worker_silent` how many minutes. */
    threshold: integer("threshold").notNull(),
    /** Within how many minutes `needs_reconnect` counts; a day is the calendar's. */
    windowMinutes: integer("window_minutes").notNull().default(1_440),
    enabled: boolean("enabled").notNull().default(true),
    createdAt: made(),
  },
  (table) => [uniqueIndex("alert_rules_one").on(table.kind, table.destinationId)],
);

/** One cause, from when it was seen until it was gone: whatever it touches is one alert. */
export const alerts = pgTable(
  "alerts",
  {
    id: text("id").primaryKey(),
    kind: text("kind").$type<AlertKind>().notNull(),
    /** What it is about, such as an incident's id or an offer. */
    cause: text("cause").notNull(),
    facts: jsonb("facts").$type<Record<string, string | number | boolean | null>>().notNull().default({}),
    openedAt: at("opened_at").notNull().default(sql`app_now()`),
    closedAt: at("closed_at"),
  },
  (table) => [uniqueIndex("alerts_open").on(table.kind, table.cause).where(sql`closed_at is null`)],
);

/** Messages on their way and gone: what they say is made from these facts when they are sent, in the reader's language. No secrets. */
export const deliveries = pgTable(
  "deliveries",
  {
    id: text("id").primaryKey(),
    kind: text("kind").notNull(),
    channel: text("channel").$type<"email" | "webhook">().notNull(),
    /** To be shown: an e-mail address or a webhook's host. It is sent to where its destination or its person is then. */
    address: text("address").notNull(),
    locale: text("locale").notNull().default("en"),
    destinationId: text("destination_id").references(() => alertDestinations.id, { onDelete: "set null" }),
    alertId: text("alert_id"),
    merchantId: text("merchant_id"),
    connectionId: text("connection_id"),
    userId: text("user_id"),
    /** The same key is the same message, once. */
    key: text("key").notNull().unique(),
    facts: jsonb("facts").$type<Record<string, string | number | boolean | null>>().notNull().default({}),
    status: text("status").$type<"pending" | "delivered" | "failed" | "dropped">().notNull().default("pending"),
    tries: integer("tries").notNull().default(0),
    nextAt: at("next_at").notNull().default(sql`app_now()`),
    leaseId: text("lease_id"),
    leaseUntil: at("lease_until"),
    /** What came of the last try: an HTTP status or a short code of ours. */
    lastResult: text("last_result"),
    deliveredAt: at("delivered_at"),
    createdAt: made(),
  },
  (table) => [
    index("deliveries_waiting").on(table.nextAt).where(sql`status = 'pending'`),
    index("deliveries_log").on(table.createdAt, table.id),
    index("deliveries_connection").on(table.connectionId),
  ],
);
