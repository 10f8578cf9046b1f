CREATE EXTENSION IF NOT EXISTS pg_trgm;
--> statement-breakpoint
CREATE TABLE "clock" (
	"id" integer PRIMARY KEY CHECK ("id" = 1),
	"ahead" interval NOT NULL DEFAULT '0'
);
--> statement-breakpoint
INSERT INTO "clock" ("id") VALUES (1);
--> statement-breakpoint
-- The product's only clock: the server's, moved ahead by tests and the demo. Constant within a statement, so indexes serve it.
CREATE FUNCTION app_now() RETURNS timestamptz LANGUAGE sql STABLE AS
$$ SELECT statement_timestamp() + (SELECT "ahead" FROM "clock" WHERE "id" = 1) $$;
