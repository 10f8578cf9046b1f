CREATE TABLE "cause_hours" (
	"hour" timestamp with time zone NOT NULL,
	"cause" text NOT NULL,
	"n" integer NOT NULL,
	CONSTRAINT "cause_hours_hour_cause_pk" PRIMARY KEY("hour","cause")
);
--> statement-breakpoint
CREATE TABLE "hour_changes" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"offer" text NOT NULL,
	"renews" text NOT NULL,
	"runs_out" timestamp with time zone,
	"due" timestamp with time zone,
	"n" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "hour_tallies" (
	"kind" text NOT NULL,
	"hour" timestamp with time zone NOT NULL,
	"offer" text NOT NULL,
	"renews" text NOT NULL,
	"n" integer NOT NULL,
	CONSTRAINT "hour_tallies_kind_hour_offer_renews_pk" PRIMARY KEY("kind","hour","offer","renews")
);
--> statement-breakpoint
CREATE TABLE "work_minutes" (
	"minute" timestamp with time zone NOT NULL,
	"what" text NOT NULL,
	"n" integer NOT NULL,
	CONSTRAINT "work_minutes_minute_what_pk" PRIMARY KEY("minute","what")
);

--> statement-breakpoint
-- When access runs out and when renewals are due, in hours of UTC. Whoever changes it appends what changed, so that nobody waits for anybody.
CREATE FUNCTION connections_renews(status text, next_refresh_at timestamptz) RETURNS text LANGUAGE sql IMMUTABLE RETURN
  CASE WHEN status = 'reconnect' THEN 'refused' WHEN status <> 'active' THEN NULL WHEN next_refresh_at IS NULL THEN 'unplanned' ELSE 'planned' END;
--> statement-breakpoint
CREATE FUNCTION hour_of(at timestamptz) RETURNS timestamptz LANGUAGE sql IMMUTABLE RETURN date_bin('1 hour', at, timestamptz '1970-01-01 00:00:00+00');
--> statement-breakpoint
CREATE FUNCTION connections_hours() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  was hour_changes;
  is_now hour_changes;
BEGIN
  IF TG_OP <> 'INSERT' THEN
    was.offer := OLD.offer;
    was.renews := connections_renews(OLD.status, OLD.next_refresh_at);
    was.runs_out := hour_of(OLD.expires_at);
    was.due := CASE WHEN OLD.status = 'active' THEN hour_of(OLD.next_refresh_at) END;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    is_now.offer := NEW.offer;
    is_now.renews := connections_renews(NEW.status, NEW.next_refresh_at);
    is_now.runs_out := hour_of(NEW.expires_at);
    is_now.due := CASE WHEN NEW.status = 'active' THEN hour_of(NEW.next_refresh_at) END;
  END IF;
  IF was IS NOT DISTINCT FROM is_now THEN RETURN NULL; END IF;
  INSERT INTO hour_changes (offer, renews, runs_out, due, n)
  SELECT * FROM (VALUES (was.offer, was.renews, was.runs_out, was.due, -1), (is_now.offer, is_now.renews, is_now.runs_out, is_now.due, 1))
    AS side (offer, renews, runs_out, due, n) WHERE side.renews IS NOT NULL AND (side.runs_out IS NOT NULL OR side.due IS NOT NULL);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE FUNCTION connections_no_hours() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM hour_changes;
  DELETE FROM hour_tallies;
  RETURN NULL;
END $$;
--> statement-breakpoint
-- From here to the end of the migration nobody writes to the table, while everybody reads it: about a second for a million rows.
CREATE TRIGGER connections_hours_insert AFTER INSERT ON connections FOR EACH ROW
WHEN (NEW.expires_at IS NOT NULL OR NEW.next_refresh_at IS NOT NULL) EXECUTE FUNCTION connections_hours();
--> statement-breakpoint
CREATE TRIGGER connections_hours_update AFTER UPDATE ON connections FOR EACH ROW
WHEN ((OLD.expires_at, OLD.next_refresh_at, OLD.status, OLD.offer) IS DISTINCT FROM (NEW.expires_at, NEW.next_refresh_at, NEW.status, NEW.offer))
EXECUTE FUNCTION connections_hours();
--> statement-breakpoint
CREATE TRIGGER connections_hours_delete AFTER DELETE ON connections FOR EACH ROW
WHEN (OLD.expires_at IS NOT NULL OR OLD.next_refresh_at IS NOT NULL) EXECUTE FUNCTION connections_hours();
--> statement-breakpoint
CREATE TRIGGER connections_no_hours AFTER TRUNCATE ON connections EXECUTE FUNCTION connections_no_hours();
--> statement-breakpoint
INSERT INTO hour_tallies (kind, hour, offer, renews, n)
SELECT kind, hour, offer, renews, count(*) FROM (
  SELECT side.kind, side.hour, offer, connections_renews(status, next_refresh_at) AS renews
  FROM connections, LATERAL (VALUES ('runs_out', hour_of(expires_at)), ('due', CASE WHEN status = 'active' THEN hour_of(next_refresh_at) END))
    AS side (kind, hour) WHERE side.hour IS NOT NULL AND status IN ('active', 'reconnect')) counted
GROUP BY kind, hour, offer, renews;
