CREATE TABLE "accounts" (
	"provider" text NOT NULL,
	"subject" text NOT NULL,
	"type" text NOT NULL,
	"user_id" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT app_now() NOT NULL,
	CONSTRAINT "accounts_provider_subject_pk" PRIMARY KEY("provider","subject")
);
--> statement-breakpoint
CREATE TABLE "attempts" (
	"id" text PRIMARY KEY NOT NULL,
	"state_hash" text,
	"browser_hash" text,
	"offer" text NOT NULL,
	"offer_fingerprint" text NOT NULL,
	"merchant_id" text NOT NULL,
	"user_id" text NOT NULL,
	"connection_id" text,
	"label" text,
	"redirect_uri" text,
	"verifier" text,
	"answer" text,
	"status" text NOT NULL,
	"outcome" text,
	"trouble_code" text,
	"customer_text" text,
	"result_id" text,
	"lease_id" text,
	"lease_until" timestamp with time zone,
	"sent_at" timestamp with time zone,
	"answered_at" timestamp with time zone,
	"present_at" timestamp with time zone,
	"tries" integer DEFAULT 0 NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"finished_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT app_now() NOT NULL,
	CONSTRAINT "attempts_state_hash_unique" UNIQUE("state_hash")
);
--> statement-breakpoint
CREATE TABLE "connections" (
	"id" text PRIMARY KEY NOT NULL,
	"merchant_id" text NOT NULL,
	"offer" text NOT NULL,
	"provider" text NOT NULL,
	"environment" text NOT NULL,
	"account_id" text,
	"account_label" text,
	"label" text,
	"status" text NOT NULL,
	"attempt_id" text,
	"scopes" text[] DEFAULT '{}' NOT NULL,
	"access" text,
	"renewal" text,
	"renewable" boolean DEFAULT false NOT NULL,
	"issued_at" timestamp with time zone,
	"expires_at" timestamp with time zone,
	"renewable_until" timestamp with time zone,
	"last_proof_at" timestamp with time zone,
	"generation" integer DEFAULT 0 NOT NULL,
	"epoch" integer DEFAULT 0 NOT NULL,
	"lease_id" text,
	"lease_until" timestamp with time zone,
	"sent_at" timestamp with time zone,
	"next_refresh_at" timestamp with time zone,
	"failures" integer DEFAULT 0 NOT NULL,
	"first_failure_at" timestamp with time zone,
	"trouble" text,
	"trouble_code" text,
	"trouble_at" timestamp with time zone,
	"customer_text" text,
	"connected_at" timestamp with time zone,
	"connected_by" text,
	"revoke_reach" text,
	"revoke_reason" text,
	"revoked_by" text,
	"revoke_asked_at" timestamp with time zone,
	"revoke_tries" integer DEFAULT 0 NOT NULL,
	"revoke_next_at" timestamp with time zone,
	"revoke_confirmed" text,
	"revoked_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT app_now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT app_now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "events" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"at" timestamp with time zone DEFAULT app_now() NOT NULL,
	"kind" text NOT NULL,
	"actor_kind" text NOT NULL,
	"actor_id" text,
	"actor_name" text,
	"merchant_id" text,
	"connection_id" text,
	"attempt_id" text,
	"reason" text,
	"facts" jsonb DEFAULT '{}'::jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "gates" (
	"name" text PRIMARY KEY NOT NULL,
	"tokens" double precision NOT NULL,
	"refilled_at" timestamp with time zone DEFAULT app_now() NOT NULL,
	"busy_by" text,
	"busy_until" timestamp with time zone,
	"paused_until" timestamp with time zone,
	"paused_why" text
);
--> statement-breakpoint
CREATE TABLE "grants" (
	"id" text PRIMARY KEY NOT NULL,
	"connection_id" text NOT NULL,
	"merchant_id" text NOT NULL,
	"reason" text NOT NULL,
	"access" text,
	"renewal" text,
	"epoch" integer NOT NULL,
	"next_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT app_now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "invitations" (
	"id" text PRIMARY KEY NOT NULL,
	"email" text NOT NULL,
	"role" text NOT NULL,
	"merchant_id" text,
	"invited_by" text,
	"expires_at" timestamp with time zone NOT NULL,
	"accepted_at" timestamp with time zone,
	"accepted_by" text,
	"created_at" timestamp with time zone DEFAULT app_now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "key_checks" (
	"key_id" text PRIMARY KEY NOT NULL,
	"value" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT app_now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "memberships" (
	"id" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"merchant_id" text,
	"role" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT app_now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "merchants" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"external_id" text,
	"created_at" timestamp with time zone DEFAULT app_now() NOT NULL,
	CONSTRAINT "merchants_external_id_unique" UNIQUE("external_id")
);
--> statement-breakpoint
CREATE TABLE "platform_session_uses" (
	"session_id" text NOT NULL,
	"connection_id" text NOT NULL,
	CONSTRAINT "platform_session_uses_session_id_connection_id_pk" PRIMARY KEY("session_id","connection_id")
);
--> statement-breakpoint
CREATE TABLE "platform_sessions" (
	"id" text PRIMARY KEY NOT NULL,
	"offer" text NOT NULL,
	"merchant_id" text NOT NULL,
	"key_hash" text NOT NULL,
	"value" text,
	"expires_at" timestamp with time zone,
	"lease_id" text,
	"lease_until" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT app_now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"token_hash" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"seen_at" timestamp with time zone DEFAULT app_now() NOT NULL,
	"created_at" timestamp with time zone DEFAULT app_now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text,
	"email" text NOT NULL,
	"email_verified" timestamp with time zone,
	"disabled_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT app_now() NOT NULL,
	CONSTRAINT "users_email_unique" UNIQUE("email")
);
--> statement-breakpoint
CREATE TABLE "verification_tokens" (
	"identifier" text NOT NULL,
	"token_hash" text NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone DEFAULT app_now() NOT NULL,
	CONSTRAINT "verification_tokens_identifier_token_hash_pk" PRIMARY KEY("identifier","token_hash")
);
--> statement-breakpoint
ALTER TABLE "accounts" ADD CONSTRAINT "accounts_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "attempts" ADD CONSTRAINT "attempts_merchant_id_merchants_id_fk" FOREIGN KEY ("merchant_id") REFERENCES "public"."merchants"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "connections" ADD CONSTRAINT "connections_merchant_id_merchants_id_fk" FOREIGN KEY ("merchant_id") REFERENCES "public"."merchants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "grants" ADD CONSTRAINT "grants_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_merchant_id_merchants_id_fk" FOREIGN KEY ("merchant_id") REFERENCES "public"."merchants"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "memberships" ADD CONSTRAINT "memberships_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "memberships" ADD CONSTRAINT "memberships_merchant_id_merchants_id_fk" FOREIGN KEY ("merchant_id") REFERENCES "public"."merchants"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "platform_session_uses" ADD CONSTRAINT "platform_session_uses_session_id_platform_sessions_id_fk" FOREIGN KEY ("session_id") REFERENCES "public"."platform_sessions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "platform_session_uses" ADD CONSTRAINT "platform_session_uses_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "accounts_user" ON "accounts" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "attempts_unfinished" ON "attempts" USING btree ("status","expires_at") WHERE status <> 'finished';--> statement-breakpoint
CREATE INDEX "attempts_connection" ON "attempts" USING btree ("connection_id");--> statement-breakpoint
CREATE INDEX "attempts_user" ON "attempts" USING btree ("user_id","created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "connections_account" ON "connections" USING btree ("offer","environment","account_id") WHERE account_id is not null and status in ('active', 'reconnect');--> statement-breakpoint
CREATE INDEX "connections_merchant" ON "connections" USING btree ("merchant_id","created_at");--> statement-breakpoint
CREATE INDEX "connections_account_any" ON "connections" USING btree ("offer","account_id");--> statement-breakpoint
CREATE INDEX "connections_expiry" ON "connections" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "connections_due" ON "connections" USING btree ("next_refresh_at") WHERE status = 'active' and next_refresh_at is not null;--> statement-breakpoint
CREATE INDEX "connections_unsettled" ON "connections" USING btree ("status") WHERE status in ('pending', 'revoking');--> statement-breakpoint
CREATE INDEX "events_connection" ON "events" USING btree ("connection_id","id");--> statement-breakpoint
CREATE INDEX "events_merchant" ON "events" USING btree ("merchant_id","id");--> statement-breakpoint
CREATE INDEX "grants_connection" ON "grants" USING btree ("connection_id");--> statement-breakpoint
CREATE INDEX "invitations_email" ON "invitations" USING btree ("email");--> statement-breakpoint
CREATE UNIQUE INDEX "memberships_one" ON "memberships" USING btree ("user_id",coalesce("merchant_id", ''));--> statement-breakpoint
CREATE INDEX "memberships_merchant" ON "memberships" USING btree ("merchant_id");--> statement-breakpoint
CREATE INDEX "platform_session_uses_connection" ON "platform_session_uses" USING btree ("connection_id");--> statement-breakpoint
CREATE UNIQUE INDEX "platform_sessions_key" ON "platform_sessions" USING btree ("offer","merchant_id","key_hash");--> statement-breakpoint
CREATE INDEX "sessions_user" ON "sessions" USING btree ("user_id");