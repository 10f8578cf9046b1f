CREATE TABLE "offer_minutes" (
	"offer" text NOT NULL,
	"minute" timestamp with time zone NOT NULL,
	"calls" integer NOT NULL,
	"failed" integer NOT NULL,
	CONSTRAINT "offer_minutes_offer_minute_pk" PRIMARY KEY("offer","minute")
);
--> statement-breakpoint
CREATE TABLE "offer_pauses" (
	"offer" text PRIMARY KEY NOT NULL,
	"reason" text NOT NULL,
	"until" timestamp with time zone NOT NULL,
	"paused_by" text NOT NULL,
	"paused_at" timestamp with time zone DEFAULT app_now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "offer_secrets" (
	"id" text PRIMARY KEY NOT NULL,
	"offer" text NOT NULL,
	"value" text NOT NULL,
	"current" boolean NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT app_now() NOT NULL,
	"last_used_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "offer_tries" (
	"id" text PRIMARY KEY NOT NULL,
	"offer" text NOT NULL,
	"offer_fingerprint" text NOT NULL,
	"user_id" text NOT NULL,
	"state_hash" text,
	"browser_hash" text,
	"redirect_uri" text NOT NULL,
	"verifier" text,
	"answer" text,
	"access" text,
	"renewal" text,
	"status" text NOT NULL,
	"steps" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"lease_until" timestamp with time zone,
	"expires_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone DEFAULT app_now() NOT NULL,
	CONSTRAINT "offer_tries_state_hash_unique" UNIQUE("state_hash")
);
--> statement-breakpoint
CREATE TABLE "offer_version" (
	"id" integer PRIMARY KEY NOT NULL,
	"value" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "offers" (
	"slug" text PRIMARY KEY NOT NULL,
	"settings" jsonb NOT NULL,
	"published" boolean DEFAULT false NOT NULL,
	"proved_as" text,
	"proved_at" timestamp with time zone,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT app_now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT app_now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "offer_secrets" ADD CONSTRAINT "offer_secrets_offer_offers_slug_fk" FOREIGN KEY ("offer") REFERENCES "public"."offers"("slug") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "offer_minutes_minute" ON "offer_minutes" USING btree ("minute");--> statement-breakpoint
CREATE UNIQUE INDEX "offer_secrets_current" ON "offer_secrets" USING btree ("offer") WHERE current;--> statement-breakpoint
CREATE INDEX "offer_secrets_offer" ON "offer_secrets" USING btree ("offer");--> statement-breakpoint
CREATE INDEX "offer_tries_unfinished" ON "offer_tries" USING btree ("expires_at") WHERE status <> 'done';--> statement-breakpoint
CREATE INDEX "offer_tries_offer" ON "offer_tries" USING btree ("offer");--> statement-breakpoint
-- Whatever changes what processes hold of these tables says so by a value that no process has seen, in the same transaction.
CREATE FUNCTION offers_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO offer_version (id, value) VALUES (1, gen_random_uuid()::text) ON CONFLICT (id) DO UPDATE SET value = excluded.value;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER offers_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON offers FOR EACH STATEMENT EXECUTE FUNCTION offers_changed();
--> statement-breakpoint
-- When a secret was last used changes nothing that anybody holds.
CREATE TRIGGER offer_secrets_changed AFTER INSERT OR UPDATE OF value, current OR DELETE OR TRUNCATE ON offer_secrets FOR EACH STATEMENT EXECUTE FUNCTION offers_changed();
--> statement-breakpoint
CREATE TRIGGER offer_pauses_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON offer_pauses FOR EACH STATEMENT EXECUTE FUNCTION offers_changed();
