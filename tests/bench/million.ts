import type pg from "pg";

export const MANY = 1_000_000;
export const MERCHANTS = 100_000;

/** Every row by itself, as a worker leaves it: nothing is due before an hour from now. */
const ROWS = `
  insert into connections (
    id, merchant_id, offer, provider, environment, account_id, account_label, label, status, access, renewal, renewable, issued_at, expires_at,
    renewable_until, last_proof_at, generation, epoch, next_refresh_at, next_proof_at, revoke_next_at, failures, trouble, trouble_code,
    connected_at, revoked_at, state, state_changes_at, no_return_at, owner_needed_at, created_at, updated_at)
  select 'con_' || n, 'mer_' || (n % $2), offer, offer, case when of_env % 40 = 7 then 'stage' else 'production' end, 'account-' || n, 'Shop ' || n,
    case of_name % 10 when 0 then 'متجر الأمل رقم ' || n when 1 then 'مكتبة ' || n when 2 then 'Boutique ' || n % 1000 end,
    status, repeat('a', 80), repeat('r', 80), true, now - interval '1 hour', now + interval '1 hour' + n % 86400 * interval '1 second',
    case when status = 'active' and n % 5 = 1 then now + n % 8000000 * interval '1 second' end, now - interval '1 hour', 1 + n % 9, 1 + n % 9,
    case when status = 'active' and n % 500 <> 9 then now + interval '1 hour' + n % 86400 * interval '1 second' end,
    case when status = 'active' then now + interval '1 hour' + n % 43200 * interval '1 second' end,
    case when status = 'revoking' then now + interval '1 hour' end, case when failing then 2 else 0 end,
    case when failing then 'transient' when status = 'reconnect' then 'reconnect' end,
    case when failing then 'http_503' when status = 'reconnect' then (array['invalid_grant', 'access_revoked'])[1 + n / 1000 % 2] end,
    case when status <> 'pending' then now - interval '30 days' end, case when status = 'revoked' then now - interval '2 days' end,
    case status when 'active' then (case when failing then 'refresh_failing' else 'healthy' end)
      when 'reconnect' then 'needs_reconnect' when 'pending' then 'pending' else 'revoked' end,
    now + interval '1 hour' + n % 864000 * interval '1 second',
    case when status = 'active' and n % 5 = 1 then now + n % 8000000 * interval '1 second' end,
    case when status = 'reconnect' then now - interval '20 days' end,
    case when status = 'pending' then now else now - interval '40 days' - n % 31536000 * interval '1 second' end, now - n % 2592000 * interval '1 second'
  from (
    select n, now, offer, status, status = 'active' and of_health % 50 = 6 as failing, of_env, of_name from (
      select n, (select app_now()) as now, (hashint4(n) & 2147483647) as of_name, (hashint4(n + 1) & 2147483647) as of_env, (hashint4(n + 2) & 2147483647) as of_health,
        (array['oauth2', 'square', 'ultracart', 'noon', 'norce'])[1 + n % 5] as offer,
        case when n % 1000 = 0 then 'reconnect' when n % 100 = 1 then 'revoked' when n % 5000 = 2 then 'revoking' when n % 5000 = 3 then 'pending'
          else 'active' end as status
      from generate_series(1, $1) n) one) every_one`;

const MERCHANT_NAMES = `
  insert into merchants (id, name, external_id)
  select 'mer_' || n, case n % 4 when 0 then 'مؤسسة الرياض ' || n when 1 then 'Jeddah Trading ' || n when 2 then 'Corniche ' || n else 'Merchant ' || n end,
    'ext-' || n
  from generate_series(0, $1 - 1) n`;
const PEOPLE = "insert into users (id, email) select 'usr_' || n, 'owner-' || n || '@merchant.example' from generate_series(0, $1 - 1) n";
const MEMBERS =
  "insert into memberships (id, user_id, merchant_id, role) select 'mem_' || n, 'usr_' || n, 'mer_' || n, 'member' from generate_series(0, $1 - 1) n";

/** What triggers would have kept, for all at once. */
const KEPT = [
  `insert into connection_texts (connection_id, folded)
   select c.id, ' ' || folded(concat_ws(' ', c.label, c.account_label, c.account_id, m.name, m.external_id, c.attempt_id, u.email))
   from connections c join merchants m on m.id = c.merchant_id join users u on u.id = 'usr_' || substr(m.id, 5)`,
  `insert into state_tallies (offer, environment, state, cause, n)
   select offer, environment, state, trouble_code, count(*) from connections where state is not null group by 1, 2, 3, 4`,
  `insert into hour_tallies (kind, hour, offer, renews, n)
   select kind, hour, offer, connections_renews(status, next_refresh_at), count(*) from connections,
     lateral (values ('runs_out', hour_of(expires_at)), ('due', case when status = 'active' then hour_of(next_refresh_at) end)) as side (kind, hour)
   where hour is not null and status in ('active', 'reconnect') group by 1, 2, 3, 4`,
];

/**
 * A million connections (or `rows`) of a hundred thousand merchants with one person each, in a database that holds none, in the way of a restore:
 * rows first, then what stands on them, all in one transaction.
 */
export async function fill(client: pg.Client, rows = MANY, merchants = MERCHANTS): Promise<void> {
  const indexes = await client.query<{ name: string; definition: string }>(
    `select indexname as name, indexdef as definition from pg_indexes
     where tablename in ('connections', 'connection_texts', 'merchants') and indexname !~ '_(pkey|unique)$'`,
  );
  const keys = await client.query<{ name: string; of: string; definition: string }>(
    `select conname as name, conrelid::regclass::text as of, pg_get_constraintdef(oid) as definition from pg_constraint
     where conrelid in ('connections'::regclass, 'connection_texts'::regclass, 'memberships'::regclass) and contype = 'f'`,
  );
  const tables = ["connections", "connection_texts", "memberships"];
  await client.query("begin");
  await client.query("set local maintenance_work_mem = '512MB'");
  await client.query("truncate connections cascade");
  for (const { name, of } of keys.rows) await client.query(`alter table ${of} drop constraint ${name}`);
  for (const { name } of indexes.rows) await client.query(`drop index ${name}`);
  for (const table of tables) await client.query(`alter table ${table} disable trigger user`);
  await client.query(MERCHANT_NAMES, [merchants]);
  await client.query(PEOPLE, [merchants]);
  await client.query(MEMBERS, [merchants]);
  await client.query(ROWS, [rows, merchants]);
  for (const statement of KEPT) await client.query(statement);
  for (const { definition } of indexes.rows) await client.query(definition);
  for (const { name, of, definition } of keys.rows) await client.query(`alter table ${of} add constraint ${name} ${definition}`);
  for (const table of tables) await client.query(`alter table ${table} enable trigger user`);
  await client.query("commit");
  for (const table of [...tables, "merchants", "users"]) await client.query(`vacuum (analyze) ${table}`);
}
