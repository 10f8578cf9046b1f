import type { KeyScope } from "./api-tables";
import { runNamed } from "./client";
import type { ConnectionStatus } from "./schema";
import type { Sealed } from "./sealed";

/** A connection's access as it is held, sealed, with everything by which it is decided whether it may be handed out just now. */
export type HeldAccess = {
  id: string;
  merchantId: string;
  offer: string;
  environment: string;
  accountId: string | null;
  status: ConnectionStatus;
  /** False: it was never connected, and is nobody's business yet. */
  connected: boolean;
  access: Sealed | null;
  renewal: Sealed | null;
  renewable: boolean;
  scopes: string[];
  generation: number;
  /** When it runs out, since 1970; null: nobody knows. */
  expiresMs: number | null;
  /** Seconds until then, by the database's clock. */
  leftS: number | null;
  /** Seconds that it had when it was issued. */
  lifeS: number | null;
  /** Nobody has been handed what was issued last. */
  unused: boolean;
  /** Somebody lets this key have nothing of this connection. */
  paused: boolean;
};

type Key = {
  keyId: string;
  keyName: string;
  keyScopes: KeyScope[];
  keyMerchantIds: string[] | null;
  keyOffers: string[] | null;
  perSecond: number;
  /** What the process must have read of the platforms (`readOfferVersion`). */
  offerVersion: string;
};

/** `id` null: there is no such connection. */
export type AccessRow = Key & (HeldAccess | { id: null });

const READ: Record<keyof (Key & HeldAccess), string> = {
  keyId: "k.id",
  keyName: "k.name",
  keyScopes: "k.scopes",
  keyMerchantIds: "k.merchant_ids",
  keyOffers: "k.offers",
  perSecond: "k.requests_per_second",
  offerVersion: "coalesce((select value from offer_version where id = 1), '')",
  paused: "exists (select from caller_pauses where connection_id = c.id and key_id = k.id)",
  id: "c.id",
  merchantId: "c.merchant_id",
  offer: "c.offer",
  environment: "c.environment",
  accountId: "c.account_id",
  status: "c.status",
  connected: "c.connected_at is not null",
  access: "c.access",
  renewal: "c.renewal",
  renewable: "c.renewable",
  scopes: "c.scopes",
  generation: "c.generation",
  expiresMs: "date_part('epoch', c.expires_at) * 1000",
  leftS: "date_part('epoch', c.expires_at - clock.now)",
  lifeS: "date_part('epoch', c.expires_at - c.issued_at)",
  unused: "(c.used_at > c.issued_at) is not true",
};
const NAMES = Object.keys(READ);

// One value instead of many columns, which the server describes and the driver reads anew with every answer, and without their names;
// `offset 0`, because app_now() would else be worked out anew at each of its places.
const statement = (key: "id" | "token_hash") => `
select json_build_array(${Object.values(READ).join(", ")})::text as found
from (select app_now() as now offset 0) clock
cross join api_keys k left join connections c on c.id = $2
where k.${key} = $1 and k.revoked_at is null and (k.expires_at is null or k.expires_at > clock.now)`;

const BY_HASH = statement("token_hash");
const BY_ID = statement("id");

/** A key and a connection as they are at this moment, in one statement. Null: the key is not good. */
export async function readAccess(key: { hash: string } | { id: string }, connectionId: string): Promise<AccessRow | null> {
  const [row] =
    "hash" in key
      ? await runNamed<{ found: string }>("access_by_hash", BY_HASH, [key.hash, connectionId])
      : await runNamed<{ found: string }>("access_by_key", BY_ID, [key.id, connectionId]);
  return row ? named(JSON.parse(row.found) as unknown[]) : null;
}

function named(values: readonly unknown[]): AccessRow {
  const row: Record<string, unknown> = {};
  for (let index = 0; index < NAMES.length; index += 1) row[NAMES[index] as string] = values[index];
  return row as AccessRow;
}

/** What somebody who waits for newer access must know. */
export type Stand = {
  generation: number;
  status: ConnectionStatus;
  failures: number;
  /** Seconds since something went wrong there. */
  troubledS: number | null;
  /** Somebody is renewing it, or may have spent its grant; so long it is theirs. */
  heldS: number;
  /** Seconds for which an admin holds back what is renewed at its platform. */
  pausedS: number | null;
};

const STAND = `
select generation, status, failures, extract(epoch from app_now() - trouble_at)::float8 as "troubledS",
  greatest(extract(epoch from lease_until - app_now()), extract(epoch from sent_at - app_now()) + $2::float8, 0)::float8 as "heldS",
  (select extract(epoch from until - app_now())::float8 from offer_pauses where offer = connections.offer and until > app_now()) as "pausedS"
from connections where id = $1`;

/** `doubtS`: how long what was sent and never settled keeps everybody off. */
export async function readStand(id: string, doubtS: number): Promise<Stand | null> {
  return (await runNamed<Stand>("access_stand", STAND, [id, doubtS]))[0] ?? null;
}

export type OfMerchant = { id: string; merchantId: string; live: boolean };

const FIND = `
select c.id, c.merchant_id as "merchantId", c.status in ('active', 'reconnect') as live from merchants m join connections c on c.merchant_id = m.id
where c.offer = $2 and c.connected_at is not null
  and m.id = coalesce((select id from merchants where id = $1), (select id from merchants where external_id = $1))
order by live desc, c.connected_at desc
limit $3`;

/** A merchant's connections at a platform, those that live first; the merchant by our id or by its own. */
export async function findForMerchant(merchant: string, offer: string, limit: number): Promise<OfMerchant[]> {
  return runNamed<OfMerchant>("access_of_merchant", FIND, [merchant, offer, limit]);
}
