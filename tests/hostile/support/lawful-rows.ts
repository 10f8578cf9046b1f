import { sql } from "drizzle-orm";
import { database, type Executor } from "@/db/client";
import { sealedColumns } from "@/db/sealed-columns";
import { healthStates } from "@/lib/connections/health";
import { unseal, VaultError } from "@/lib/vault";
import { sealedValues } from "@/tests/support/sealed-columns";

/** A rule, and a condition on one row of its table (`r`) that no row may ever meet. */
type Rule = { table: string; rule: string; broken: string };

const SEALED = "'^lk1\\.[\\w-]{1,32}\\.[\\w-]{16}\\.[\\w-]{22,}$'";
const CODE = "'^[a-z][a-z0-9_]{0,63}$'";
/** Control characters, what turns a line's direction, and the sign for what could not be decoded. */
const UNCLEAN = "U&'[\\0001-\\001F\\007F-\\009F\\200B-\\200F\\202A-\\202E\\2066-\\2069\\FEFF\\FFFD]'";
const IN_RANGE = (column: string) => `r.${column} is not null and (r.${column} < '2000-01-01' or r.${column} >= '2100-01-01')`;
const words = (list: string) => `(${list.split(" ").map((word) => `'${word}'`)})`;

const ATTEMPT_OUTCOMES = words(
  "connected renewed different_account held_elsewhere denied nothing timed_out not_matched replaced cancelled refused unreachable our_fault abandoned",
);

const attempts: [rule: string, broken: string][] = [
  ["has a status", `r.status not in ${words("open answered issued finished")}`],
  ["has a known outcome", `r.outcome not in ${ATTEMPT_OUTCOMES}`],
  [
    "is finished with an outcome and a time, or with neither",
    "(r.status = 'finished') is distinct from (r.outcome is not null and r.finished_at is not null)",
  ],
  ["keeps no outcome and no end while it goes on", "r.status <> 'finished' and (r.outcome is not null or r.finished_at is not null)"],
  [
    "holds no code and no verifier once it is issued or finished",
    "r.status in ('issued', 'finished') and (r.answer is not null or r.verifier is not null)",
  ],
  ["is at rest once it is finished", "r.status = 'finished' and (r.lease_id is not null or r.lease_until is not null)"],
  ["holds an answer exactly while it is answered", "(r.status = 'answered') is distinct from (r.answer is not null)"],
  ["was not sent before it was answered", "r.status = 'open' and (r.sent_at is not null or r.answered_at is not null or r.tries > 0)"],
  ["is sent under a lease", "r.status = 'answered' and r.sent_at is not null and (r.lease_id is null or r.lease_until is null)"],
  [
    "leads to its pending row while it is issued",
    "r.status = 'issued' and not exists (select from connections c where c.id = r.result_id and c.attempt_id = r.id and c.status = 'pending')",
  ],
  [
    "leads to the connection that it became",
    "r.outcome in ('connected', 'renewed') and not exists (select from connections c where c.id = r.result_id and c.status <> 'pending')",
  ],
  [
    "leads to the row that was set aside",
    "r.outcome in ('different_account', 'held_elsewhere') and not exists (select from connections c where c.id = r.result_id)",
  ],
  ["is sent at most three times", "r.tries not between 0 and 3"],
  ["lives ten minutes", "r.expires_at > r.created_at + interval '10 minutes'"],
  [
    "keeps state and browser as hashes only",
    "r.state_hash !~ '^[\\w-]{43}$' or r.browser_hash !~ '^[\\w-]{43}$' or (r.state_hash is null) <> (r.browser_hash is null)",
  ],
  ["names its trouble by a code", `r.trouble_code !~ ${CODE} or r.trouble_code = 'constructor'`],
  ["holds clean text", `r.customer_text ~ ${UNCLEAN} or length(r.customer_text) > 200 or r.label ~ ${UNCLEAN} or length(r.label) > 80`],
];

const connections: [rule: string, broken: string][] = [
  ["has a status", `r.status not in ${words("pending active reconnect revoking revoked")}`],
  ["holds something sealed while it lives", "r.status <> 'revoked' and r.access is null and r.renewal is null"],
  [
    "is erased when it is revoked",
    "r.status = 'revoked' and (r.access is not null or r.renewal is not null or r.renewable or r.revoked_at is null or r.revoke_confirmed is null)",
  ],
  ["says how it ends while it does", "r.status = 'revoking' and (r.revoke_asked_at is null or r.revoke_reach is null)"],
  ["is renewable exactly when it holds a renewal", "r.renewable is distinct from (r.renewal is not null)"],
  ["was connected by somebody when it lives", "r.status in ('active', 'reconnect') and (r.connected_at is null or r.connected_by is null)"],
  ["has an issue date when it lives", "r.status in ('active', 'reconnect') and r.issued_at is null"],
  [
    "belongs to an attempt while it is pending",
    "r.status = 'pending' and (r.connected_at is not null or not exists (select from attempts a where a.id = r.attempt_id))",
  ],
  [
    "is pending only for an attempt that goes on or was set aside",
    "r.status = 'pending' and exists (select from attempts a where a.id = r.attempt_id and not (a.status = 'issued' and a.result_id = r.id or a.outcome in ('different_account', 'held_elsewhere', 'our_fault')))",
  ],
  ...[
    "expires_at",
    "renewable_until",
    "issued_at",
    "next_refresh_at",
    "next_proof_at",
    "last_proof_at",
    "connected_at",
    "trouble_at",
    "no_return_at",
  ].map((column): [string, string] => [`has a sane ${column}`, IN_RANGE(column)]),
  ["is leased whole or not at all", "(r.lease_id is null) <> (r.lease_until is null)"],
  ["is leased for a minute at most", "r.lease_until > app_now() + interval '1 minute'"],
  ["counts upwards", "r.generation < 0 or r.epoch < 0 or r.failures < 0 or r.revoke_tries < 0 or r.crashes < 0"],
  ["has one of the ten states, or none", `r.state not in ${words(healthStates.join(" "))}`],
  [
    "has a state exactly when somebody may see it",
    "r.state_changes_at is null and r.state is null and (r.status <> 'revoked' or r.connected_at is not null)",
  ],
  [
    "names its trouble whole or not at all",
    `(r.trouble is null) <> (r.trouble_code is null) or r.trouble not in ${words("declined reconnect operator transient doubt")}`,
  ],
  ["names its trouble by a code", `r.trouble_code !~ ${CODE} or r.trouble_code = 'constructor'`],
  ["needs its owner for a reason", "r.status = 'reconnect' and (r.trouble is null or r.trouble not in ('reconnect', 'declined'))"],
  ["holds clean text", `concat_ws(' ', r.account_id, r.account_label, r.customer_text, r.label, r.revoke_reason) ~ ${UNCLEAN}`],
  [
    "holds short text",
    "length(r.account_id) > 512 or length(r.account_label) > 500 or length(r.customer_text) > 200 or r.account_id = '' or r.account_label = ''",
  ],
  [
    "holds clean scopes",
    `array_to_string(r.scopes, ' ') ~ ${UNCLEAN} or exists (select from unnest(r.scopes) scope where length(scope) not between 1 and 256)`,
  ],
];

const grants: [rule: string, broken: string][] = [
  ["holds something sealed", "r.access is null and r.renewal is null"],
  ["has a reason", `r.reason not in ${words("candidate superseded")}`],
];

const sessions: [rule: string, broken: string][] = [["has a sane end", IN_RANGE("expires_at")]];

const CLEAN = [
  "attempts",
  "connections",
  "grants",
  "platform_sessions",
  "events",
  "gates",
  "notices",
  "alerts",
  "alert_destinations",
  "deliveries",
  "offers",
  "offer_secrets",
  "offer_tries",
];

const rules: Rule[] = [
  ...Object.entries({ attempts, connections, grants, platform_sessions: sessions }).flatMap(([table, list]) =>
    list.map(([rule, broken]) => ({ table, rule, broken })),
  ),
  ...sealedColumns.map(({ table, column }) => ({ table, rule: `holds ${column} sealed`, broken: `r.${column} !~ ${SEALED}` })),
  // Whatever a simulated platform issues begins so: it may stand nowhere in the clear.
  ...CLEAN.map((table) => ({
    table,
    rule: "holds no secret in the clear",
    broken: "r::text like '%CNRY-%'",
  })),
];

/** All rules by name, so that a test can break each of them. */
export const ruleNames = rules.map(({ table, rule }) => `${table}: ${rule}`);

const keyOf = (table: string) =>
  sealedColumns.find((one) => one.table === table)?.row ?? ({ gates: "name", offers: "slug" } as Record<string, string>)[table] ?? "id";

/** Every row that breaks a rule, as `<table> <id>: <rule>`; in one statement. */
export async function unlawfulRows(db: Executor = database()): Promise<string[]> {
  const each = rules.map(
    ({ table, rule, broken }) => `select '${table} ' || r.${keyOf(table)} || ': ${rule}' as told from ${table} r where ${broken}`,
  );
  const found = await db.execute<{ told: string }>(sql.raw(each.join("\nunion all ")));
  return found.rows.map(({ told }) => told);
}

/** Every ciphertext that does not open at its own place with this process's keys. */
export async function unreadableValues(): Promise<string[]> {
  return (await sealedValues()).flatMap(({ place, value }) => {
    try {
      unseal(value, place);
      return [];
    } catch (error) {
      if (error instanceof VaultError) return [`${place.table} ${place.row}: ${place.column} does not open (${error.message})`];
      throw error;
    }
  });
}
