CREATE TABLE "incidents" (
	"id" text PRIMARY KEY NOT NULL,
	"offer" text NOT NULL,
	"code" text NOT NULL,
	"opened_at" timestamp with time zone DEFAULT app_now() NOT NULL,
	"probe_at" timestamp with time zone NOT NULL,
	"probes" integer DEFAULT 0 NOT NULL,
	"closed_at" timestamp with time zone
);
--> statement-breakpoint
CREATE UNIQUE INDEX "incidents_open" ON "incidents" USING btree ("offer") WHERE closed_at is null;