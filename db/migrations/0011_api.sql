CREATE TABLE "api_budgets" (
	"key_id" text PRIMARY KEY NOT NULL,
	"second" bigint NOT NULL,
	"taken" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "api_keys" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"token_hash" text NOT NULL,
	"hint" text NOT NULL,
	"scopes" text[] NOT NULL,
	"merchant_ids" text[],
	"offers" text[],
	"requests_per_second" integer NOT NULL,
	"replaces" text,
	"created_by" text NOT NULL,
	"created_by_name" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT app_now() NOT NULL,
	"expires_at" timestamp with time zone,
	"revoked_at" timestamp with time zone,
	"revoked_by" text,
	"exposed_at" timestamp with time zone,
	"last_used_at" timestamp with time zone,
	CONSTRAINT "api_keys_token_hash_unique" UNIQUE("token_hash")
);
--> statement-breakpoint
CREATE TABLE "caller_pauses" (
	"connection_id" text NOT NULL,
	"key_id" text NOT NULL,
	"paused_by" text NOT NULL,
	"paused_by_name" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT app_now() NOT NULL,
	CONSTRAINT "caller_pauses_connection_id_key_id_pk" PRIMARY KEY("connection_id","key_id")
);
--> statement-breakpoint
CREATE TABLE "connect_links" (
	"id" text PRIMARY KEY NOT NULL,
	"token_hash" text NOT NULL,
	"merchant_id" text NOT NULL,
	"offer" text,
	"connection_id" text,
	"locale" text,
	"return_url" text,
	"created_by_kind" text NOT NULL,
	"created_by" text NOT NULL,
	"created_by_name" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT app_now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"browser_hash" text,
	"bound_at" timestamp with time zone,
	"used_at" timestamp with time zone,
	"result_id" text,
	CONSTRAINT "connect_links_token_hash_unique" UNIQUE("token_hash")
);
--> statement-breakpoint
CREATE TABLE "event_sealer" (
	"id" integer PRIMARY KEY NOT NULL
);
--> statement-breakpoint
CREATE TABLE "event_seals" (
	"seq" bigserial PRIMARY KEY NOT NULL,
	"event_id" bigint NOT NULL,
	CONSTRAINT "event_seals_event_id_unique" UNIQUE("event_id")
);
--> statement-breakpoint
CREATE TABLE "hand_outs" (
	"connection_id" text NOT NULL,
	"key_id" text NOT NULL,
	"minute" timestamp with time zone NOT NULL,
	"n" integer NOT NULL,
	CONSTRAINT "hand_outs_connection_id_key_id_minute_pk" PRIMARY KEY("connection_id","key_id","minute")
);
--> statement-breakpoint
CREATE TABLE "unsealed_events" (
	"event_id" bigint PRIMARY KEY NOT NULL
);
--> statement-breakpoint
ALTER TABLE "connect_links" ADD CONSTRAINT "connect_links_merchant_id_merchants_id_fk" FOREIGN KEY ("merchant_id") REFERENCES "public"."merchants"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "api_keys_made" ON "api_keys" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "connect_links_merchant" ON "connect_links" USING btree ("merchant_id","created_at");--> statement-breakpoint
CREATE INDEX "connect_links_ends" ON "connect_links" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "hand_outs_key" ON "hand_outs" USING btree ("key_id","minute");--> statement-breakpoint
CREATE INDEX "hand_outs_minute" ON "hand_outs" USING btree ("minute");--> statement-breakpoint
CREATE FUNCTION event_unsealed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO unsealed_events (event_id) SELECT id FROM added;
  RETURN NULL;
END $$;
--> statement-breakpoint
-- Before what is there is given its places: whoever writes meanwhile waits for this migration, and is noted after it.
LOCK TABLE events IN SHARE ROW EXCLUSIVE MODE;
--> statement-breakpoint
CREATE TRIGGER events_unsealed AFTER INSERT ON events REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION event_unsealed();
--> statement-breakpoint
INSERT INTO event_seals (event_id) SELECT id FROM events ORDER BY id;
