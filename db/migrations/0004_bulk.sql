-- This and what follows come in one transaction, beside processes that go on writing. All of them write events last: whoever held events first and
-- asked for the other tables then would wait for those who wait for it.
LOCK TABLE "users", "merchants", "memberships", "alert_rules", "connections", "events" IN SHARE ROW EXCLUSIVE MODE;
--> statement-breakpoint
CREATE TABLE "bulk_items" (
	"run_id" text NOT NULL,
	"connection_id" text NOT NULL,
	"offer" text NOT NULL,
	"status" text DEFAULT 'waiting' NOT NULL,
	"code" text,
	"generation" integer,
	"tries" integer DEFAULT 0 NOT NULL,
	"next_at" timestamp with time zone DEFAULT app_now() NOT NULL,
	"lease_id" text,
	"lease_until" timestamp with time zone,
	CONSTRAINT "bulk_items_run_id_connection_id_pk" PRIMARY KEY("run_id","connection_id")
);
--> statement-breakpoint
CREATE TABLE "bulk_runs" (
	"id" text PRIMARY KEY NOT NULL,
	"act" text NOT NULL,
	"status" text DEFAULT 'running' NOT NULL,
	"stopped_by" text,
	"reason" text,
	"ticket" text,
	"query" text,
	"by_id" text NOT NULL,
	"by_name" text NOT NULL,
	"excluded" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"started_at" timestamp with time zone DEFAULT app_now() NOT NULL,
	"finished_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "bulk_items" ADD CONSTRAINT "bulk_items_run_id_bulk_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."bulk_runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "bulk_items_status" ON "bulk_items" USING btree ("run_id","status","offer","connection_id");--> statement-breakpoint
CREATE INDEX "bulk_items_asked" ON "bulk_items" USING btree ("run_id") WHERE status = 'asked';--> statement-breakpoint
CREATE INDEX "bulk_runs_running" ON "bulk_runs" USING btree ("started_at") WHERE status = 'running';--> statement-breakpoint
CREATE INDEX "bulk_runs_recent" ON "bulk_runs" USING btree ("started_at");