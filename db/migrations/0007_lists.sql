-- Spellings that a reader takes for the same: case, width, accents, Arabic vowel signs and tatweel, the forms of alef, yeh, kaf and teh marbuta,
-- digits. lib/connections/folded.ts does the same to what is typed.
CREATE FUNCTION folded(spelt text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT btrim(regexp_replace(translate(lower(regexp_replace(normalize(spelt, NFKD),
    '[\u0300-\u036F\u0483-\u0487\u0591-\u05BD\u05BF\u05C1-\u05C2\u05C4-\u05C5\u05C7\u0610-\u061A\u0640\u064B-\u065F\u0670\u06D6-\u06DC\u06DF-\u06E4\u06E7-\u06E8\u06EA-\u06ED\u08D3-\u08FF\u200B-\u200F\u202A-\u202E\u2060-\u2064\u2066-\u2069\uFE00-\uFE0F\uFE20-\uFE2F\uFEFF]', '', 'g')),
    'ٱةىیکς٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹', 'اهييكσ01234567890123456789'), '\s+', ' ', 'g'), ' ')
$$;
--> statement-breakpoint
CREATE TABLE "connection_texts" (
	"connection_id" text PRIMARY KEY NOT NULL,
	"folded" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "saved_views" (
	"id" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"name" text NOT NULL,
	"query" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT app_now() NOT NULL
);
--> statement-breakpoint
-- Counted anew below, while nobody changes a connection.
LOCK TABLE "connections" IN SHARE ROW EXCLUSIVE MODE;
--> statement-breakpoint
DELETE FROM "state_tallies";
--> statement-breakpoint
ALTER TABLE "state_tallies" ADD COLUMN "environment" text NOT NULL;--> statement-breakpoint
ALTER TABLE "state_tallies" ADD COLUMN "cause" text;--> statement-breakpoint
ALTER TABLE "connection_texts" ADD CONSTRAINT "connection_texts_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "saved_views" ADD CONSTRAINT "saved_views_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
-- Everything that a connection may be found by, each word after a space: a short text is looked for at the beginnings of words.
CREATE FUNCTION connection_text(of connections) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT ' ' || folded(concat_ws(' ', of.label, of.account_label, of.account_id, m.name, m.external_id, of.attempt_id,
    (SELECT string_agg(u.email, ' ' ORDER BY u.email) FROM memberships s JOIN users u ON u.id = s.user_id WHERE s.merchant_id = of.merchant_id)))
  FROM merchants m WHERE m.id = of.merchant_id
$$;
--> statement-breakpoint
INSERT INTO connection_texts (connection_id, folded) SELECT c.id, connection_text(c) FROM connections c;
--> statement-breakpoint
INSERT INTO state_tallies (offer, environment, state, cause, n)
SELECT offer, environment, state, trouble_code, count(*) FROM connections WHERE state IS NOT NULL GROUP BY 1, 2, 3, 4;
--> statement-breakpoint
CREATE INDEX "connection_texts_trigrams" ON "connection_texts" USING gin ("folded" gin_trgm_ops);--> statement-breakpoint
CREATE UNIQUE INDEX "saved_views_one" ON "saved_views" USING btree ("user_id","name");--> statement-breakpoint
CREATE INDEX "connections_facets" ON "connections" USING btree ("offer","environment","state","trouble_code") WHERE state is not null;--> statement-breakpoint
CREATE INDEX "connections_created" ON "connections" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "connections_unrenewed" ON "connections" USING btree ("expires_at","id") WHERE status = 'reconnect' or (status = 'active' and next_refresh_at is null);--> statement-breakpoint
CREATE INDEX "merchants_spelling" ON "merchants" USING gin (folded("name") gin_trgm_ops);--> statement-breakpoint
-- As late as can be: from here to the end nobody reads connections either.
DROP INDEX "connections_expiry";--> statement-breakpoint
CREATE INDEX "connections_expiry" ON "connections" USING btree ("expires_at","id") WHERE status in ('active', 'reconnect');--> statement-breakpoint
CREATE OR REPLACE FUNCTION connections_tally() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' AND OLD.state IS NOT NULL THEN
    INSERT INTO state_tallies (offer, environment, state, cause, n) VALUES (OLD.offer, OLD.environment, OLD.state, OLD.trouble_code, -1);
  END IF;
  IF TG_OP <> 'DELETE' AND NEW.state IS NOT NULL THEN
    INSERT INTO state_tallies (offer, environment, state, cause, n) VALUES (NEW.offer, NEW.environment, NEW.state, NEW.trouble_code, 1);
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE OR REPLACE TRIGGER connections_tally_update AFTER UPDATE ON connections FOR EACH ROW
WHEN ((OLD.state, OLD.offer, OLD.environment, OLD.trouble_code) IS DISTINCT FROM (NEW.state, NEW.offer, NEW.environment, NEW.trouble_code))
EXECUTE FUNCTION connections_tally();
--> statement-breakpoint
-- Whoever writes a text holds its merchant first, so that each sees what another changed before.
CREATE FUNCTION merchant_texts(merchant text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM merchants WHERE id = merchant FOR NO KEY UPDATE;
  UPDATE connection_texts t SET folded = connection_text(c) FROM connections c
  WHERE c.merchant_id = merchant AND t.connection_id = c.id AND t.folded IS DISTINCT FROM connection_text(c);
END $$;
--> statement-breakpoint
CREATE FUNCTION connections_text() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM merchants WHERE id = NEW.merchant_id FOR NO KEY UPDATE;
  INSERT INTO connection_texts (connection_id, folded) VALUES (NEW.id, connection_text(NEW))
  ON CONFLICT (connection_id) DO UPDATE SET folded = excluded.folded;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER connections_text_insert AFTER INSERT ON connections FOR EACH ROW EXECUTE FUNCTION connections_text();
--> statement-breakpoint
CREATE TRIGGER connections_text_update AFTER UPDATE ON connections FOR EACH ROW
WHEN ((OLD.label, OLD.account_label, OLD.account_id, OLD.merchant_id, OLD.attempt_id)
  IS DISTINCT FROM (NEW.label, NEW.account_label, NEW.account_id, NEW.merchant_id, NEW.attempt_id))
EXECUTE FUNCTION connections_text();
--> statement-breakpoint
CREATE FUNCTION merchants_texts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM merchant_texts(NEW.id);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER merchants_texts AFTER UPDATE ON merchants FOR EACH ROW
WHEN ((OLD.name, OLD.external_id) IS DISTINCT FROM (NEW.name, NEW.external_id)) EXECUTE FUNCTION merchants_texts();
--> statement-breakpoint
CREATE FUNCTION memberships_texts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' AND OLD.merchant_id IS NOT NULL THEN PERFORM merchant_texts(OLD.merchant_id); END IF;
  IF TG_OP <> 'DELETE' AND NEW.merchant_id IS NOT NULL THEN PERFORM merchant_texts(NEW.merchant_id); END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER memberships_texts AFTER INSERT OR UPDATE OR DELETE ON memberships FOR EACH ROW EXECUTE FUNCTION memberships_texts();
--> statement-breakpoint
CREATE FUNCTION users_texts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM merchant_texts(s.merchant_id) FROM memberships s WHERE s.user_id = NEW.id AND s.merchant_id IS NOT NULL ORDER BY s.merchant_id;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER users_texts AFTER UPDATE ON users FOR EACH ROW WHEN (OLD.email IS DISTINCT FROM NEW.email) EXECUTE FUNCTION users_texts();
