CREATE TABLE "event_anchors" (
	"seq" bigint PRIMARY KEY NOT NULL,
	"hash" text NOT NULL,
	"key_id" text NOT NULL,
	"made_at" timestamp with time zone NOT NULL,
	"reason" text NOT NULL
);
--> statement-breakpoint
ALTER TABLE "event_sealer" ADD COLUMN "head_seq" bigint;--> statement-breakpoint
ALTER TABLE "event_sealer" ADD COLUMN "head_hash" text;--> statement-breakpoint
ALTER TABLE "event_sealer" ADD COLUMN "told_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "event_seals" ADD COLUMN "hash" text;--> statement-breakpoint
ALTER TABLE "unsealed_events" ADD COLUMN "noted_at" timestamp with time zone DEFAULT app_now() NOT NULL;
--> statement-breakpoint
CREATE FUNCTION seal_without_hash() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO unsealed_events (event_id) VALUES (NEW.event_id);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER event_seals_hash BEFORE INSERT ON event_seals FOR EACH ROW WHEN (NEW.hash IS NULL) EXECUTE FUNCTION seal_without_hash();
--> statement-breakpoint
-- Who is told of anything is told of this as well.
INSERT INTO alert_rules (id, kind, destination_id, threshold)
SELECT 'rul_audit_' || id, 'audit_broken', id, 1 FROM alert_destinations WHERE address <> '';
