import type pg from "pg";

const MANY = 1_000_000;
/** So many come up at once: renewals and proofs of one platform, states in doubt, revocations that are all there are. */
export const DUE = 1_000;

const MERCHANTS = 20_000;

/** Every row by itself, as a worker leaves it: nothing is due before an hour from now. */
const ROWS = `
  insert into connections (
    id, merchant_id, offer, provider, environment, account_id, account_label, status, access, renewal, renewable, issued_at, expires_at,
    renewable_until, last_proof_at, generation, epoch, next_refresh_at, next_proof_at, revoke_next_at, connected_at, revoked_at,
    state, state_changes_at, no_return_at, owner_needed_at, created_at, updated_at)
  select 'con_' || n, 'mer_' || (n % ${MERCHANTS}), offer, offer, 'production', 'account-' || n, 'Shop ' || n, status,
    repeat('a', 80), repeat('r', 80), true, now - interval '1 hour', now + interval '1 hour' + n % 86400 * interval '1 second',
    case when status = 'active' and n % 5 = 1 then now + n % 8000000 * interval '1 second' end, now - interval '1 hour', 1 + n % 9, 1 + n % 9,
    case when status = 'active' then now + interval '1 hour' + n % 86400 * interval '1 second' end,
    case when status = 'active' then now + interval '1 hour' + n % 43200 * interval '1 second' end,
    case when status = 'revoking' then now + interval '1 hour' end, case when status <> 'pending' then now - interval '30 days' end,
    case when status = 'revoked' then now - interval '2 days' end,
    case status when 'active' then (case when n % 50 = 6 then 'refresh_failing' else 'healthy' end)
      when 'reconnect' then 'needs_reconnect' when 'pending' then 'pending' else 'revoked' end,
    now + interval '1 hour' + n % 864000 * interval '1 second',
    case when status = 'active' and n % 5 = 1 then now + n % 8000000 * interval '1 second' end,
    case when status = 'reconnect' then now - interval '20 days' end, case when status = 'pending' then now else now - interval '40 days' end, now - n % 2592000 * interval '1 second'
  from (
    select n, (select app_now()) as now, (array['oauth2', 'square', 'ultracart', 'noon', 'norce'])[1 + n % 5] as offer,
      case when n % 1000 = 0 then 'reconnect' when n % 100 = 1 then 'revoked' when n % 5000 = 2 then 'revoking' when n % 5000 = 3 then 'pending'
        else 'active' end as status
    from generate_series(1, ${MANY}) n) one`;

/** Fills the tables of this test's own database in the way of a restore: rows first, then what stands on them, all in one transaction. */
export async function fill(client: pg.Client): Promise<void> {
  const found = await client.query<{ name: string; definition: string }>(
    "select indexname as name, indexdef as definition from pg_indexes where tablename = 'connections' and indexname <> 'connections_pkey'",
  );
  const kept = await client.query<{ name: string }>(
    "select conname as name from pg_constraint where conrelid = 'connections'::regclass and contype = 'f'",
  );
  await client.query("begin");
  await client.query("set local maintenance_work_mem = '512MB'");
  await client.query("truncate connections cascade");
  for (const { name } of kept.rows) await client.query(`alter table connections drop constraint ${name}`);
  for (const { name } of found.rows) await client.query(`drop index ${name}`);
  await client.query("alter table connections disable trigger user");
  await client.query(`insert into merchants (id, name) select 'mer_' || n, 'Shop ' || n from generate_series(0, ${MERCHANTS - 1}) n`);
  await client.query(ROWS);
  await client.query("insert into state_tallies (offer, state, n) select offer, state, count(*) from connections group by offer, state");
  for (const { definition } of found.rows) await client.query(definition);
  await client.query("alter table connections enable trigger user");
  await client.query("commit");
  await client.query("analyze connections");
  await client.query("analyze merchants");
}

const soon = "app_now() - interval '1 minute'";
const first = (of: string, by: string) => `select id from connections where ${of} order by ${by} limit ${DUE}`;

export const COME_UP = [
  `update connections set next_refresh_at = ${soon} where id in (${first("offer = 'oauth2' and status = 'active'", "next_refresh_at")})`,
  `update connections set next_proof_at = ${soon} where id in (${first("offer = 'square' and status = 'active'", "next_proof_at")})`,
  `update connections set state_changes_at = ${soon} where id in (${first("state is not null", "state_changes_at desc")})`,
  `update connections set revoke_next_at = ${soon} where id in (select id from connections where status = 'revoking' order by id limit ${DUE / 10})`,
  "insert into incidents (id, offer, code, probe_at) values ('inc_1', 'oauth2', 'invalid_client', app_now())",
];
