import { globSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

// Behind a transaction pooler the next statement may run in another session: nothing that outlives its transaction may be relied on.

const files = globSync(["db/**/*.{ts,sql}", "lib/**/*.ts"]);

/** Without what is said about the code; a comment may name what must not be done. */
const withoutComments = (path: string, text: string) =>
  path.endsWith(".sql") ? text.replace(/--(?!> statement).*$/gm, "") : text.replace(/\/\*[\s\S]*?\*\/|(?<![:"'`\w])\/\/.*$/gm, "");

// Where a statement begins: with its text, or after another one.
const statement = (words: string) => new RegExp(String.raw`(?:[\x60"';]|statement-breakpoint|(?<![\s\S]))\s*(?:${words})`, "i");

type Rule = { name: string; rule: RegExp; except?: string; bad: string[]; good: string[] };

const rules: Rule[] = [
  {
    name: "locks are a transaction's",
    rule: /pg_(try_)?advisory_(?!xact_)\w+/i,
    bad: ["sql`select pg_advisory_lock(1)`", "select pg_try_advisory_lock_shared(1, 2)", "pg_advisory_unlock_all()"],
    good: ["select pg_advisory_xact_lock(1)", "pg_try_advisory_xact_lock_shared(1)"],
  },
  {
    name: "nobody listens",
    rule: new RegExp(`${statement(String.raw`(un)?listen\s+[\w"*$]|notify\s+[\w"$]`).source}|\\bpg_notify\\b`, "i"),
    bad: ["sql`listen renewed`", 'query("LISTEN x")', "select 1; unlisten *;", "notify renewed, 'x'", "select pg_notify('a', 'b')"],
    good: ["server.listen(port)", "await listen(path)", "onNotify(value)"],
  },
  {
    name: "settings are a transaction's",
    rule: new RegExp(
      `${statement(String.raw`set\s+(?:session\s|role\s|time\s+zone\s|(?!local\s)[\w".{}$]+\s*(?:=|to\s))|reset\s+\w|discard\s+\w`).source}|set_config\\s*\\((?![^\`]*?,\\s*true\\s*\\))`,
      "i",
    ),
    bad: [
      "sql`set statement_timeout = 0`",
      'query("SET search_path TO x")',
      "select 1; set role x;",
      "sql`set session characteristics as transaction read only`",
      "sql`reset all`",
      "sql`select set_config('a', 'b', false)`",
    ],
    good: [
      "sql`set local statement_timeout = 0`",
      "sql`update gates\n      set tokens = 1`",
      ".onConflictDoUpdate({ set: { a: 1 } })",
      "sql`insert into a values (1) on conflict (b) do update set c = 1`",
      "sql`select set_config('a', f(1), true)`",
      "class A { #a = 1; set value(to) {} }",
    ],
  },
  {
    name: "no statement is prepared by a name",
    // It is asked only where db/pool.ts has seen that sessions are its own.
    except: "db/busy-lane.ts",
    rule: new RegExp(
      `${statement(String.raw`(prepare|deallocate)\s+\w|execute\s+["\w]`).source}|\\.prepare\\(\\s*["'\`\\w]|query\\(\\s*\\{[^}]*\\bname\\b`,
      "i",
    ),
    bad: ["sql`prepare one as select 1`", "sql`execute one`", 'db.select().from(a).prepare("one")', 'client.query({ name: "one", text })'],
    good: [
      "db.execute(sql`select 1`)",
      "create trigger a before insert on b execute function c()",
      "session.prepareQuery(query)",
      ".prepare()",
    ],
  },
  {
    name: "no table is temporary",
    rule: /\bcreate\s+(?:(?:local|global)\s+)?temp(?:orary)?\s|\bpg_temp\b|\binto\s+temp(?:orary)?\s/i,
    bad: ["create temp table a (b int)", "CREATE LOCAL TEMPORARY TABLE a", "select 1 into temp a", "pg_temp.a"],
    good: ["create table temperatures (a int)", "insert into templates values (1)"],
  },
  {
    name: "no cursor outlives its transaction",
    rule: /\bwith\s+hold\b/i,
    bad: ["declare a cursor with hold for select 1"],
    good: ["withHold(a)", "with held as (select 1)"],
  },
  {
    name: "no sequence is asked what this session drew from it",
    rule: /\b(currval|lastval)\s*\(/i,
    bad: ["select currval('a')", "select lastval()"],
    good: ["select nextval('a')", "interval(1)"],
  },
];

describe.each(rules)("$name", ({ rule, except, bad, good }) => {
  it("in db, its migrations and lib", () => {
    const found = files.filter((path) => path !== except && rule.test(withoutComments(path, readFileSync(path, "utf8"))));
    expect(found).toEqual([]);
    expect(files.length).toBeGreaterThan(100);
  });

  it("and the rule bites", () => {
    for (const text of bad) expect(text).toMatch(rule);
    for (const text of good) expect(text).not.toMatch(rule);
  });
});
