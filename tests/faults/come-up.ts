/** So many come up at once: renewals and proofs of one platform, states in doubt, revocations that are all there are. */
export const DUE = 1_000;

const soon = "app_now() - interval '1 minute'";
const first = (of: string, by: string) => `select id from connections where ${of} order by ${by} limit ${DUE}`;

export const COME_UP = [
  `update connections set next_refresh_at = ${soon} where id in (${first("offer = 'oauth2' and status = 'active'", "next_refresh_at")})`,
  `update connections set next_proof_at = ${soon} where id in (${first("offer = 'square' and status = 'active'", "next_proof_at")})`,
  `update connections set state_changes_at = ${soon} where id in (${first("state is not null", "state_changes_at desc")})`,
  `update connections set revoke_next_at = ${soon} where id in (select id from connections where status = 'revoking' order by id limit ${DUE / 10})`,
  "insert into incidents (id, offer, code, probe_at) values ('inc_1', 'oauth2', 'invalid_client', app_now())",
];
