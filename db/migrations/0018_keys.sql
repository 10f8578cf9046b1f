CREATE TABLE "key_rings" (
	"id" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"key_ids" text[] NOT NULL,
	"started_at" timestamp with time zone DEFAULT app_now() NOT NULL,
	"seen_at" timestamp with time zone DEFAULT app_now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "own_secrets" (
	"name" text PRIMARY KEY NOT NULL,
	"value" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT app_now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "resealings" (
	"table_name" text NOT NULL,
	"column_name" text NOT NULL,
	"key_id" text NOT NULL,
	"last_row" text,
	"resealed" bigint DEFAULT 0 NOT NULL,
	"updated_at" timestamp with time zone DEFAULT app_now() NOT NULL,
	CONSTRAINT "resealings_table_name_column_name_pk" PRIMARY KEY("table_name","column_name")
);
--> statement-breakpoint
ALTER TABLE "key_checks" ADD COLUMN "stage" text DEFAULT 'sealing' NOT NULL;--> statement-breakpoint
ALTER TABLE "key_checks" ADD COLUMN "sealings" bigint DEFAULT 0 NOT NULL;
--> statement-breakpoint
-- Whoever is told of anything is told when a key has sealed as often as it may.
INSERT INTO "alert_rules" ("id", "kind", "destination_id", "threshold")
SELECT 'rul_' || substr(md5("id" || 'key_worn'), 1, 20), 'key_worn', "id", 1 FROM "alert_destinations" WHERE "address" <> '';
