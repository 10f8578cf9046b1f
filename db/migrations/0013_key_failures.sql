CREATE TABLE "key_failures" (
	"who" text PRIMARY KEY NOT NULL,
	"minute" bigint NOT NULL,
	"n" integer NOT NULL
);
