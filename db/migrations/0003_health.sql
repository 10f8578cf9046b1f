CREATE TABLE "alert_destinations" (
	"id" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"address" text NOT NULL,
	"locale" text DEFAULT 'en' NOT NULL,
	"secret" text,
	"previous_secret" text,
	"previous_until" timestamp with time zone,
	"disabled_at" timestamp with time zone,
	"created_by" text,
	"created_at" timestamp with time zone DEFAULT app_now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "alert_rules" (
	"id" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"destination_id" text NOT NULL,
	"threshold" integer NOT NULL,
	"enabled" boolean DEFAULT true NOT NULL,
	"created_at" timestamp with time zone DEFAULT app_now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "alerts" (
	"id" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"cause" text NOT NULL,
	"facts" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"opened_at" timestamp with time zone DEFAULT app_now() NOT NULL,
	"closed_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "deliveries" (
	"id" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"channel" text NOT NULL,
	"address" text NOT NULL,
	"locale" text DEFAULT 'en' NOT NULL,
	"destination_id" text,
	"alert_id" text,
	"merchant_id" text,
	"connection_id" text,
	"user_id" text,
	"key" text NOT NULL,
	"facts" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"status" text DEFAULT 'pending' NOT NULL,
	"tries" integer DEFAULT 0 NOT NULL,
	"next_at" timestamp with time zone DEFAULT app_now() NOT NULL,
	"lease_id" text,
	"lease_until" timestamp with time zone,
	"last_result" text,
	"delivered_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT app_now() NOT NULL,
	CONSTRAINT "deliveries_key_unique" UNIQUE("key")
);
--> statement-breakpoint
CREATE TABLE "notices" (
	"id" text PRIMARY KEY NOT NULL,
	"offer" text NOT NULL,
	"event_id" text NOT NULL,
	"kind" text NOT NULL,
	"account_id" text NOT NULL,
	"happened_at" timestamp with time zone NOT NULL,
	"received_at" timestamp with time zone DEFAULT app_now() NOT NULL,
	"tries" integer DEFAULT 0 NOT NULL,
	"next_at" timestamp with time zone DEFAULT app_now() NOT NULL,
	"done_at" timestamp with time zone,
	"outcome" text
);
--> statement-breakpoint
CREATE TABLE "state_policies" (
	"offer" text PRIMARY KEY NOT NULL,
	"fingerprint" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "state_tallies" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"offer" text NOT NULL,
	"state" text NOT NULL,
	"n" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "workers" (
	"id" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"started_at" timestamp with time zone DEFAULT app_now() NOT NULL,
	"seen_at" timestamp with time zone DEFAULT app_now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "gates" ADD COLUMN "strikes" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
DROP INDEX "connections_due";--> statement-breakpoint
ALTER TABLE "connections" ADD COLUMN "next_proof_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "connections" ADD COLUMN "used_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "connections" ADD COLUMN "crashes" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "connections" ADD COLUMN "state" text;--> statement-breakpoint
ALTER TABLE "connections" ADD COLUMN "state_changes_at" timestamp with time zone DEFAULT 'epoch';--> statement-breakpoint
-- Rows that are there are in doubt from the first moment without being touched; who makes one says so by itself.
ALTER TABLE "connections" ALTER COLUMN "state_changes_at" DROP DEFAULT;--> statement-breakpoint
ALTER TABLE "connections" ADD COLUMN "state_since" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "connections" ADD COLUMN "no_return_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "connections" ADD COLUMN "owner_needed_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "locale" text;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "unsubscribed" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "alert_rules" ADD CONSTRAINT "alert_rules_destination_id_alert_destinations_id_fk" FOREIGN KEY ("destination_id") REFERENCES "public"."alert_destinations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_destination_id_alert_destinations_id_fk" FOREIGN KEY ("destination_id") REFERENCES "public"."alert_destinations"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "alert_rules_one" ON "alert_rules" USING btree ("kind","destination_id");--> statement-breakpoint
CREATE UNIQUE INDEX "alerts_open" ON "alerts" USING btree ("kind","cause") WHERE closed_at is null;--> statement-breakpoint
CREATE INDEX "deliveries_waiting" ON "deliveries" USING btree ("next_at") WHERE status = 'pending';--> statement-breakpoint
CREATE INDEX "deliveries_log" ON "deliveries" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "deliveries_connection" ON "deliveries" USING btree ("connection_id");--> statement-breakpoint
CREATE UNIQUE INDEX "notices_event" ON "notices" USING btree ("offer","event_id");--> statement-breakpoint
CREATE INDEX "notices_waiting" ON "notices" USING btree ("next_at") WHERE done_at is null;--> statement-breakpoint
CREATE INDEX "workers_seen" ON "workers" USING btree ("seen_at");--> statement-breakpoint
CREATE INDEX "connections_proof" ON "connections" USING btree ("offer","next_proof_at") WHERE status = 'active' and next_proof_at is not null;--> statement-breakpoint
CREATE INDEX "connections_held" ON "connections" USING btree ("offer","next_refresh_at") WHERE status = 'active' and next_refresh_at is not null and (crashes > 0 or lease_id is not null);--> statement-breakpoint
CREATE INDEX "connections_revoking" ON "connections" USING btree ("revoke_next_at") WHERE status = 'revoking';--> statement-breakpoint
CREATE INDEX "connections_never" ON "connections" USING btree ("revoked_at") WHERE status = 'revoked' and connected_at is null;--> statement-breakpoint
CREATE INDEX "connections_sent" ON "connections" USING btree ("sent_at") WHERE sent_at is not null;--> statement-breakpoint
CREATE INDEX "connections_state" ON "connections" USING btree ("state","updated_at","id") WHERE state is not null;--> statement-breakpoint
CREATE INDEX "connections_restate" ON "connections" USING btree ("state_changes_at") WHERE state_changes_at is not null;--> statement-breakpoint
CREATE INDEX "connections_no_return" ON "connections" USING btree ("no_return_at","id") WHERE no_return_at is not null;--> statement-breakpoint
CREATE INDEX "connections_state_no_return" ON "connections" USING btree ("state","no_return_at","id") WHERE no_return_at is not null;--> statement-breakpoint
CREATE INDEX "connections_refused" ON "connections" USING btree ("state_since") WHERE state = 'needs_reconnect';--> statement-breakpoint
CREATE INDEX "connections_unproved" ON "connections" USING btree ("id") WHERE status = 'active' and next_proof_at is null;--> statement-breakpoint
CREATE INDEX "connections_owner" ON "connections" USING btree ("owner_needed_at") WHERE owner_needed_at is not null;--> statement-breakpoint
CREATE INDEX "connections_due" ON "connections" USING btree ("offer","next_refresh_at") WHERE status = 'active' and next_refresh_at is not null;--> statement-breakpoint
-- A fact that changed makes the stored state unbelievable at once, whoever changed it; whoever works the state out anew says until when it holds.
CREATE FUNCTION connections_doubt_state() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state_changes_at IS NOT DISTINCT FROM OLD.state_changes_at THEN NEW.state_changes_at := 'epoch'; END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE FUNCTION connections_no_state() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.state_changes_at := coalesce(NEW.state_changes_at, 'epoch');
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER connections_no_state BEFORE INSERT ON connections FOR EACH ROW WHEN (NEW.state IS NULL) EXECUTE FUNCTION connections_no_state();
--> statement-breakpoint
CREATE TRIGGER connections_doubt_state BEFORE UPDATE ON connections FOR EACH ROW
WHEN ((OLD.offer, OLD.status, OLD.issued_at, OLD.expires_at, OLD.renewable_until, OLD.renewable, OLD.last_proof_at, OLD.first_failure_at,
       OLD.failures, OLD.trouble, OLD.lease_until, OLD.sent_at, OLD.crashes, OLD.connected_at)
  IS DISTINCT FROM
      (NEW.offer, NEW.status, NEW.issued_at, NEW.expires_at, NEW.renewable_until, NEW.renewable, NEW.last_proof_at, NEW.first_failure_at,
       NEW.failures, NEW.trouble, NEW.lease_until, NEW.sent_at, NEW.crashes, NEW.connected_at))
EXECUTE FUNCTION connections_doubt_state();
--> statement-breakpoint
-- Counts are kept by whoever changes a state, in the same transaction: appended, so that nobody waits for anybody.
CREATE FUNCTION connections_tally() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' AND OLD.state IS NOT NULL THEN
    INSERT INTO state_tallies (offer, state, n) VALUES (OLD.offer, OLD.state, -1);
  END IF;
  IF TG_OP <> 'DELETE' AND NEW.state IS NOT NULL THEN
    INSERT INTO state_tallies (offer, state, n) VALUES (NEW.offer, NEW.state, 1);
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER connections_tally_insert AFTER INSERT ON connections FOR EACH ROW WHEN (NEW.state IS NOT NULL) EXECUTE FUNCTION connections_tally();
--> statement-breakpoint
CREATE TRIGGER connections_tally_update AFTER UPDATE ON connections FOR EACH ROW
WHEN ((OLD.state, OLD.offer) IS DISTINCT FROM (NEW.state, NEW.offer)) EXECUTE FUNCTION connections_tally();
--> statement-breakpoint
CREATE TRIGGER connections_tally_delete AFTER DELETE ON connections FOR EACH ROW WHEN (OLD.state IS NOT NULL) EXECUTE FUNCTION connections_tally();
--> statement-breakpoint
-- Tests empty the table whole.
CREATE FUNCTION connections_no_tallies() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM state_tallies;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER connections_no_tallies AFTER TRUNCATE ON connections EXECUTE FUNCTION connections_no_tallies();
