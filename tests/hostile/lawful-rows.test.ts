import { sql } from "drizzle-orm";
import { expect, it } from "vitest";
import { database, transaction } from "@/db/client";
import { newId } from "@/db/new-id";
import { markKeys } from "@/lib/check-keys";
import { exchange } from "@/lib/connections/exchange";
import { seal } from "@/lib/vault";
import { connected } from "@/tests/support/journey";
import { sealOffer } from "@/tests/support/sealed-offers";
import { useHostileWorld } from "./support/hostile-world";
import { ruleNames, unlawfulRows, unreadableValues } from "./support/lawful-rows";
import { answeredAttempts, inventions, openAttempts, tokenCall } from "./support/tampered";

const world = useHostileWorld();

/** One broken row for each rule: a column set wrong in a row that was right. */
const planted: [table: string, rule: string, set: string, where?: string][] = [
  ["attempts", "has a status", "status = 'closed'"],
  ["attempts", "has a known outcome", "outcome = 'fine'"],
  ["attempts", "is finished with an outcome and a time, or with neither", "finished_at = null", "status = 'finished'"],
  ["attempts", "keeps no outcome and no end while it goes on", "outcome = 'denied'", "status = 'issued'"],
  [
    "attempts",
    "holds no code and no verifier once it is issued or finished",
    "answer = (select answer from attempts where status = 'answered')",
    "status = 'finished'",
  ],
  ["attempts", "is at rest once it is finished", "lease_until = app_now()", "status = 'finished'"],
  ["attempts", "holds an answer exactly while it is answered", "answer = null", "status = 'answered'"],
  ["attempts", "was not sent before it was answered", "sent_at = app_now()", "status = 'open'"],
  ["attempts", "is sent under a lease", "sent_at = app_now(), lease_id = null", "status = 'answered'"],
  ["attempts", "leads to its pending row while it is issued", "result_id = 'con_gone'", "status = 'issued'"],
  ["attempts", "leads to the connection that it became", "result_id = 'con_gone'", "status = 'finished'"],
  ["attempts", "leads to the row that was set aside", "outcome = 'held_elsewhere', result_id = 'con_gone'", "status = 'finished'"],
  ["attempts", "is sent at most three times", "tries = 4"],
  ["attempts", "lives ten minutes", "expires_at = created_at + interval '11 minutes'"],
  ["attempts", "keeps state and browser as hashes only", "state_hash = 'the-state-itself'", "status = 'open'"],
  ["attempts", "names its trouble by a code", "trouble_code = 'What the platform said.'"],
  ["attempts", "holds clean text", "customer_text = E'a\\u202eb'"],
  ["connections", "has a status", "status = 'fine'"],
  ["connections", "holds something sealed while it lives", "access = null, renewal = null", "status = 'active'"],
  ["connections", "is erased when it is revoked", "status = 'revoked'", "status = 'active'"],
  ["connections", "says how it ends while it does", "status = 'revoking'", "status = 'active'"],
  ["connections", "is renewable exactly when it holds a renewal", "renewable = false", "status = 'active'"],
  ["connections", "was connected by somebody when it lives", "connected_by = null", "status = 'active'"],
  ["connections", "has an issue date when it lives", "issued_at = null", "status = 'active'"],
  ["connections", "belongs to an attempt while it is pending", "attempt_id = 'att_gone'", "status = 'pending'"],
  [
    "connections",
    "is pending only for an attempt that goes on or was set aside",
    "attempt_id = (select id from attempts where status = 'finished' limit 1)",
    "status = 'pending'",
  ],
  ["connections", "has a sane expires_at", "expires_at = '275760-09-13'"],
  ["connections", "has a sane renewable_until", "renewable_until = 'infinity'"],
  ["connections", "has a sane issued_at", "issued_at = '0001-01-01'"],
  ["connections", "has a sane next_refresh_at", "next_refresh_at = '-infinity'"],
  ["connections", "has a sane next_proof_at", "next_proof_at = 'infinity'"],
  ["connections", "has a sane no_return_at", "no_return_at = '1970-01-01'"],
  ["connections", "has a sane last_proof_at", "last_proof_at = '1970-01-01'"],
  ["connections", "has a sane connected_at", "connected_at = '1970-01-01'"],
  ["connections", "has a sane trouble_at", "trouble_at = '2100-01-01'"],
  ["connections", "is leased whole or not at all", "lease_id = 'lease_x'"],
  ["connections", "is leased for a minute at most", "lease_id = 'lease_x', lease_until = app_now() + interval '1 hour'"],
  ["connections", "counts upwards", "failures = -1"],
  ["connections", "has one of the ten states, or none", "state = 'fine'"],
  ["connections", "has a state exactly when somebody may see it", "state = null, state_changes_at = null"],
  ["connections", "names its trouble whole or not at all", "trouble = 'transient', trouble_code = null"],
  ["connections", "names its trouble by a code", "trouble = 'transient', trouble_code = 'HTTP 500: <html>'"],
  [
    "connections",
    "needs its owner for a reason",
    "status = 'reconnect', trouble = 'transient', trouble_code = 'http_500'",
    "status = 'active'",
  ],
  ["connections", "holds clean text", "account_label = E'a\\u0007'"],
  ["connections", "holds short text", "account_label = repeat('x', 501)"],
  ["connections", "holds clean scopes", "scopes = array['a', repeat('b', 257)]"],
  ["grants", "holds something sealed", "access = null, renewal = null"],
  ["grants", "has a reason", "reason = 'kept'"],
  ["platform_sessions", "has a sane end", "expires_at = 'infinity'"],
  ["attempts", "holds verifier sealed", "verifier = 'plain'"],
  ["attempts", "holds answer sealed", "answer = 'code=plain'", "status = 'answered'"],
  ["connections", "holds access sealed", "access = 'plain'"],
  ["connections", "holds renewal sealed", "renewal = 'lk1.k1.short.body'"],
  ["grants", "holds access sealed", "access = 'plain'"],
  ["grants", "holds renewal sealed", "renewal = 'plain'"],
  ["platform_sessions", "holds value sealed", "value = 'plain'"],
  ["key_checks", "holds value sealed", "value = 'plain'"],
  ["own_secrets", "holds value sealed", "value = 'plain'"],
  ["attempts", "holds no secret in the clear", "trouble_code = 'CNRY-x'"],
  ["connections", "holds no secret in the clear", "account_label = 'CNRY-x'"],
  ["grants", "holds no secret in the clear", "merchant_id = 'CNRY-x'"],
  ["platform_sessions", "holds no secret in the clear", "key_hash = 'CNRY-x'"],
  ["events", "holds no secret in the clear", `facts = '{"code":"CNRY-x"}'`],
  ["gates", "holds no secret in the clear", "paused_why = 'CNRY-x'"],
  ["notices", "holds no secret in the clear", "account_id = 'CNRY-x'"],
  ["alerts", "holds no secret in the clear", `facts = '{"code":"CNRY-x"}'`],
  ["alert_destinations", "holds no secret in the clear", "address = 'CNRY-x'"],
  ["deliveries", "holds no secret in the clear", "last_result = 'CNRY-x'"],
  ["alert_destinations", "holds secret sealed", "secret = 'whsec_plain'"],
  ["alert_destinations", "holds previous_secret sealed", "previous_secret = 'whsec_plain'"],
  ["offer_secrets", "holds value sealed", "value = 'plain'"],
  ["offer_tries", "holds verifier sealed", "verifier = 'plain'"],
  ["offer_tries", "holds answer sealed", "answer = 'plain'"],
  ["offer_tries", "holds access sealed", "access = 'plain'"],
  ["offer_tries", "holds renewal sealed", "renewal = 'plain'"],
  ["offers", "holds no secret in the clear", `settings = settings || '{"clientId":"CNRY-x"}'`],
  ["offer_secrets", "holds no secret in the clear", "created_by = 'CNRY-x'"],
  ["offer_tries", "holds no secret in the clear", `steps = '[{"code":"CNRY-x"}]'`],
];

/** A notice, and an alert with where it goes and its message. */
async function message(): Promise<void> {
  const to = newId("dst");
  const secret = (column: string) => seal("CNRY-webhook", { table: "alert_destinations", column, row: to, merchant: "" });
  await database().execute(sql`insert into alert_destinations (id, kind, address, secret, previous_secret)
    values (${to}, 'webhook', 'https://receiver.example/', ${secret("secret")}, ${secret("previous_secret")})`);
  await database().execute(sql`insert into alerts (id, kind, cause) values ('alert', 'incident', 'inc_1')`);
  await database().execute(
    sql`insert into deliveries (id, kind, channel, address, key) values ('dlv', 'incident', 'webhook', 'receiver.example', 'k')`,
  );
  await database().execute(sql`insert into notices (id, offer, event_id, kind, account_id, happened_at)
    values ('ntc', 'square', 'event', 'revoked', 'account', app_now())`);
}

it("every rule finds the row that breaks it, and none finds anything in right ones", async () => {
  const { at, mona } = world;
  const kept = await connected(at, mona, "ultracart");
  await connected(at, mona, "norce");
  await openAttempts(mona, "oauth2", 1, inventions(at, "oauth2"));
  await answeredAttempts(mona, "oauth2", 1, inventions(at, "oauth2"));
  const [issued = ""] = await answeredAttempts(mona, "noon", 1, inventions(at, "noon"));
  at.list.push(
    { call: tokenCall.noon, with: { body: '{"access_token":"CNRY-intermediate"}' } },
    { call: /\/token\/exchange$/, with: { body: "" } },
  );
  await exchange(mona, issued, at.open);
  await markKeys();
  const grant = newId("grant");
  const sealed = seal("CNRY-candidate", { table: "grants", column: "access", row: grant, merchant: kept.merchantId });
  await database().execute(sql`insert into grants (id, connection_id, merchant_id, reason, access, epoch)
    values (${grant}, ${kept.id}, ${kept.merchantId}, 'candidate', ${sealed}, 1)`);
  await message();
  await sealOffer();
  expect(await unlawfulRows()).toEqual([]);
  expect(await unreadableValues()).toEqual([]);

  for (const [table, rule, set, where = "true"] of planted) {
    const told = await transaction(async (tx) => {
      const changed = await tx.execute(sql.raw(`update ${table} set ${set} where ${where} returning 1`));
      expect(changed.rows.length, `${table}: ${rule}`).toBeGreaterThan(0);
      throw new Planted(await unlawfulRows(tx));
    }).catch((error: unknown) => (error instanceof Planted ? error.told : Promise.reject(error)));
    expect(
      told.map((line) => line.replace(/ [^:]+:/, ":")),
      `${table}: ${rule}`,
    ).toContain(`${table}: ${rule}`);
  }
  expect(new Set(planted.map(([table, rule]) => `${table}: ${rule}`))).toEqual(new Set(ruleNames));
});

it("a ciphertext that stands in another place does not open there", async () => {
  const { at, mona } = world;
  const row = await connected(at, mona, "square");
  await database().execute(sql`update connections set access = renewal where id = ${row.id}`);
  expect(await unreadableValues()).toEqual([expect.stringMatching(`connections ${row.id}: access does not open`)]);
  await database().execute(sql`update connections set access = ${row.access} where id = ${row.id}`);
});

/** Carries what was found out of a transaction that is undone. */
class Planted extends Error {
  constructor(readonly told: readonly string[]) {
    super("undone");
  }
}
