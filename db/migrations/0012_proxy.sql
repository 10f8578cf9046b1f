CREATE TABLE "proxy_calls" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"at" timestamp with time zone DEFAULT app_now() NOT NULL,
	"connection_id" text NOT NULL,
	"key_id" text NOT NULL,
	"method" text NOT NULL,
	"path" text NOT NULL,
	"status" integer,
	"failure" text,
	"ms" integer
);
--> statement-breakpoint
ALTER TABLE "gates" ADD COLUMN "wanted_until" timestamp with time zone;--> statement-breakpoint
CREATE INDEX "proxy_calls_connection" ON "proxy_calls" USING btree ("connection_id","id");--> statement-breakpoint
CREATE INDEX "proxy_calls_at" ON "proxy_calls" USING btree ("at");