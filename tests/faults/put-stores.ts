import { randomUUID } from "node:crypto";
import { activatePending } from "@/db/activate";
import { transaction } from "@/db/client";
import { insertPending } from "@/db/connections";
import { newId } from "@/db/new-id";
import type { UserActor } from "@/lib/auth/actor";
import { sealIssued } from "@/lib/connections/sealed-grant";
import type { Platforms } from "@/tests/support/journey";

type Held = {
  offer: string;
  account: string;
  environment: string;
  access: string | null;
  renewal: object | null;
  scopes: string[];
  expiresAt?: Date;
  renewableUntil?: Date | null;
};

/** A connected store with what its platform has issued, without the whole way of connecting; resolves to its id. */
async function put(owner: UserActor, held: Held): Promise<string> {
  const { offer, account, environment, access, scopes, expiresAt = null, renewableUntil = null } = held;
  const at = { id: newId("con"), merchantId: owner.merchants[0]?.id ?? "" };
  const renewal = held.renewal && JSON.stringify({ v: 1, ...held.renewal });
  const issued = { access, renewal, expiresAt, renewableUntil, scopes };
  const about = { offer, provider: offer, environment, label: null, attemptId: null };
  const proven = { accountId: account, accountLabel: null, environment, scopes, connectedBy: owner.id };
  await transaction(async (tx) => {
    await insertPending(tx, { ...at, ...about }, sealIssued(issued, at, []));
    await activatePending(tx, at.id, { ...proven, nextRefreshAt: null, expiresAt, proved: true, nextProofS: 36_000 });
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

type SquareKind = "code flow" | "pkce" | "legacy";

/** Access for thirty days; by PKCE the refresh token lives for ninety and is spent once, and an old grant has none. */
export function putSquare({ simulators: { square } }: Platforms, owner: UserActor, account: string, kind: SquareKind = "code flow") {
  const scopes = [...square.settings.scopes];
  const [expiresAt, lapse] = [inDays(30), kind === "pkce" ? inDays(90) : null];
  const access = kind === "legacy" ? square.issueLegacy(account) : square.ledger.canary("square-access");
  const refreshToken = square.ledger.canary("square-refresh");
  const at = { environment: "production", merchant: account, scopes } as const;
  square.state.access[access] ??= { ...at, endsAt: expiresAt.getTime(), revoked: false, legacy: false };
  if (kind !== "legacy") square.state.refresh[refreshToken] = { ...at, endsAt: lapse?.getTime() ?? null, dead: false };
  const renewal = kind === "legacy" ? null : { refreshToken, merchantId: account, pkce: kind === "pkce", narrow: false };
  const about = { offer: "square", account, environment: "production", access, renewal, scopes };
  return put(owner, { ...about, expiresAt, renewableUntil: lapse });
}

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000);
