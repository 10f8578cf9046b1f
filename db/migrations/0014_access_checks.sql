CREATE TABLE "access_checks" (
	"connection_id" text PRIMARY KEY NOT NULL,
	"generation" integer NOT NULL,
	"begun_at" timestamp with time zone NOT NULL,
	"verdict" text
);
--> statement-breakpoint
ALTER TABLE "access_checks" ADD CONSTRAINT "access_checks_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE cascade ON UPDATE no action;