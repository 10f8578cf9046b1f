ALTER TABLE "alert_rules" ADD COLUMN "window_minutes" integer DEFAULT 1440 NOT NULL;--> statement-breakpoint
ALTER TABLE "events" ADD COLUMN "actor_address" text;--> statement-breakpoint
CREATE INDEX "events_at" ON "events" USING btree ("at");--> statement-breakpoint
CREATE INDEX "events_noun" ON "events" USING btree (split_part("kind", '.', 1),"id");--> statement-breakpoint
CREATE INDEX "events_people" ON "events" USING btree ("id") WHERE actor_kind = 'user';--> statement-breakpoint
CREATE INDEX "events_person" ON "events" USING btree ("actor_id","id") WHERE actor_kind = 'user';--> statement-breakpoint
CREATE INDEX "events_about" ON "events" USING btree ((facts->>'email'),"id") WHERE facts->>'email' is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "events_denied" ON "events" USING btree ("actor_id",(facts->>'operation'),date_trunc('minute', "at" at time zone 'UTC')) WHERE kind = 'access.denied';--> statement-breakpoint
CREATE INDEX "users_find" ON "users" USING gin (lower(coalesce("name", '') || ' ' || "email") gin_trgm_ops);