import { randomUUID } from "node:crypto";
import { activatePending } from "@/db/activate";
import { transaction } from "@/db/client";
import { insertPending } from "@/db/connections";
import { newId } from "@/db/new-id";
import type { UserActor } from "@/lib/auth/actor";
import { sealIssued } from "@/lib/connections/sealed-grant";
import type { Platforms } from "@/tests/support/journey";

type Held = { offer: string; account: string; environment: string; access: string | null; renewal: object; scopes: string[] };

/** A connected store with what its platform has issued, without the whole way of connecting; resolves to its id. */
async function put(owner: UserActor, { offer, account, environment, access, renewal, scopes }: Held): Promise<string> {
  const at = { id: newId("con"), merchantId: owner.merchants[0]?.id ?? "" };
  const issued = { access, renewal: JSON.stringify({ v: 1, ...renewal }), expiresAt: null, scopes };
  const about = { offer, provider: offer, environment, label: null, attemptId: null };
  const proven = { accountId: account, accountLabel: null, environment, scopes, connectedBy: owner.id };
  await transaction(async (tx) => {
    await insertPending(tx, { ...at, ...about }, sealIssued(issued, at, []));
    await activatePending(tx, at.id, { ...proven, nextRefreshAt: null, expiresAt: null, proved: true, nextProofS: 36_000 });
  });
  return at.id;
}

/** A Norce store of a user of its own, so that nobody shares its session. */
export function putNorce({ simulators: { norce } }: Platforms, owner: UserActor, account: string): Promise<string> {
  const [clientId, clientSecret] = [randomUUID(), norce.ledger.canary("norce-secret")];
  norce.users.push({ slug: "acme", clientId, clientSecret, environments: ["stage"], applications: [1042] });
  const place = { mode: "commerce", slug: "acme", region: "se", environment: "stage", application_id: "1042", scopes: ["stage"] };
  const renewal = { ...place, client_id: clientId, client_secret: clientSecret };
  return put(owner, { offer: "norce", account, environment: "stage", access: null, renewal, scopes: ["stage"] });
}

export function putUltracart({ simulators: { ultracart } }: Platforms, owner: UserActor, account: string): Promise<string> {
  const [access, refresh] = [ultracart.ledger.canary("ultracart-access"), ultracart.ledger.canary("ultracart-refresh")];
  const scopes = ["item_read", "order_read"];
  ultracart.state.grants.push({
    store: account,
    scopes,
    alive: true,
    access: { [access]: Date.now() + 3_600_000 },
    refresh: [refresh],
    retired: [],
  });
  return put(owner, { offer: "ultracart", account, environment: "production", access, renewal: { refresh_token: refresh }, scopes });
}

export function putSquare({ simulators: { square } }: Platforms, owner: UserActor, account: string): Promise<string> {
  const [access, refreshToken] = [square.ledger.canary("square-access"), square.ledger.canary("square-refresh")];
  const scopes = square.settings.scopes.slice();
  const at = { environment: "production", merchant: account, scopes } as const;
  square.state.access[access] = { ...at, endsAt: Date.now() + 30 * 86_400_000, revoked: false, legacy: false };
  square.state.refresh[refreshToken] = { ...at, endsAt: null, dead: false };
  const renewal = { refreshToken, merchantId: account, pkce: false, narrow: false };
  return put(owner, { offer: "square", account, environment: "production", access, renewal, scopes });
}
