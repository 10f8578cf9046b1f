import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const FOLDER = "db/migrations";
const files = readdirSync(FOLDER).filter((name) => name.endsWith(".sql"));

/** What a build that runs beside, and knows nothing of the migration, would trip over. */
const CONTRACTING: Record<string, RegExp> = {
  "takes a table or a column away": /\bdrop (table|column|view|schema|type|sequence|function)\b/i,
  "gives another name": /\brename\b/i,
  "changes a type": /\balter column "?\w+"? (set data )?type\b/i,
  "asks for a value where there was none": /\bset not null\b/i,
  "takes a default away": /\bdrop default\b/i,
  "adds a column that must be filled": /\badd column (?![^;]*\bdefault\b)[^;]*\bnot null\b/i,
  "adds a rule that rows may break": /\badd constraint (?![^;]*\bnot valid\b)[^;]*\b(check|unique)\b/i,
};

/** Each from before the first release, when no other build could stand beside. */
const ALLOWED: Record<string, string> = {
  "0003_health.sql takes a default away": "A trigger fills it for every build.",
  "0007_lists.sql adds a column that must be filled":
    "The table is emptied and counted anew in the migration, and a trigger alone writes it.",
};

const statements = (name: string) =>
  readFileSync(join(FOLDER, name), "utf8")
    .replace(/\$\$.*?\$\$/gs, "$$$$")
    .replace(/^\s*--.*$/gm, "")
    .split("--> statement-breakpoint");

function contractions(name: string, texts: readonly string[]): string[] {
  // A table that is made here is nobody else's yet.
  const made = new Set(texts.flatMap((text) => [...text.matchAll(/create table (?:if not exists )?"?(\w+)"?/gi)].map((match) => match[1])));
  return texts.flatMap((text) => {
    const [, about] = /alter table (?:only )?"?(\w+)"?/i.exec(text) ?? [];
    if (about && made.has(about)) return [];
    return Object.entries(CONTRACTING).flatMap(([what, rule]) => (rule.test(text) ? [`${name} ${what}`] : []));
  });
}

it("P-06 no migration takes from under a build that runs beside it what that build reads and writes", () => {
  expect(files.length).toBeGreaterThan(15);
  expect(files.flatMap((name) => contractions(name, statements(name))).sort()).toEqual(Object.keys(ALLOWED).sort());
});

it.each([
  'ALTER TABLE "merchants" DROP COLUMN "name";',
  'DROP TABLE "merchants";',
  'ALTER TABLE "merchants" RENAME COLUMN "name" TO "title";',
  'ALTER TABLE "merchants" ALTER COLUMN "name" SET DATA TYPE integer;',
  'ALTER TABLE "merchants" ALTER COLUMN "name" SET NOT NULL;',
  'ALTER TABLE "merchants" ALTER COLUMN "created_at" DROP DEFAULT;',
  'ALTER TABLE "merchants" ADD COLUMN "title" text NOT NULL;',
  'ALTER TABLE "merchants" ADD CONSTRAINT "named" CHECK (name <> \'\');',
])("the rule bites: %s", (text) => expect(contractions("new.sql", [text])).toHaveLength(1));

it.each([
  'ALTER TABLE "merchants" ADD COLUMN "title" text;',
  'ALTER TABLE "merchants" ADD COLUMN "n" integer DEFAULT 0 NOT NULL;',
  'CREATE TABLE "new" ("id" text PRIMARY KEY NOT NULL);',
  'DROP INDEX "connections_due";',
])("and lets what only adds: %s", (text) => expect(contractions("new.sql", [text])).toEqual([]));
