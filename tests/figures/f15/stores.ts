import { randomBytes } from "node:crypto";
import type { Issued } from "@/lib/providers/contract";
import type { platforms } from "@/tests/support/platforms";
import { livesS, type Slug } from "./plan";

export type Platforms = ReturnType<typeof platforms>;

export const accountOf = (store: number) => `SHOP${store}`;

/** What an owner's consent brings at each platform, without the way through a browser. */
export function issueAt(at: Platforms, slug: Slug, store: number): Issued {
  const account = accountOf(store);
  const now = Date.now() + at.skew.ms;
  const { oauth2, ultracart, square, noon, norce } = at.simulators;
  switch (slug) {
    case "oauth2": {
      const scopes = ["orders.read"];
      const family = `${account}-${Object.keys(oauth2.state.families).length}`;
      const [access, refreshToken] = [oauth2.ledger.canary("access"), oauth2.ledger.canary("refresh")];
      const endsAt = now + livesS.oauth2 * 1000;
      oauth2.state.families[family] = { id: family, sub: account, scopes, ended: false };
      oauth2.state.access[access] = { family, scopes, endsAt };
      oauth2.state.refresh[refreshToken] = { family, used: false };
      return { access, renewal: JSON.stringify({ v: 1, refreshToken }), expiresAt: new Date(endsAt), scopes };
    }
    case "ultracart": {
      const scopes = ["item_read", "order_read"];
      const [access, token] = [ultracart.ledger.canary("ultracart-access"), ultracart.ledger.canary("ultracart-refresh")];
      const endsAt = now + livesS.ultracart * 1000;
      ultracart.state.grants.push({ store: account, scopes, alive: true, access: { [access]: endsAt }, refresh: [token], retired: [] });
      return { access, renewal: JSON.stringify({ v: 1, refresh_token: token }), expiresAt: new Date(endsAt), scopes };
    }
    case "square": {
      const scopes = ["MERCHANT_PROFILE_READ"];
      const [access, refreshToken] = [square.ledger.canary("square-access"), square.ledger.canary("square-refresh")];
      // Every fourth by the flow of public clients, whose refresh tokens are good for one use and ninety days.
      const pkce = store % 4 === 0;
      const endsAt = now + livesS.square * 1000;
      const about = { environment: "production", merchant: account, scopes } as const;
      square.state.access[access] = { ...about, scopes, endsAt, revoked: false, legacy: false };
      square.state.refresh[refreshToken] = { ...about, scopes, endsAt: pkce ? now + 90 * 86_400_000 : null, dead: false };
      const renewal = JSON.stringify({ v: 1, refreshToken, merchantId: account, pkce, narrow: false });
      return { access, renewal, expiresAt: new Date(endsAt), renewableUntil: pkce ? new Date(now + 90 * 86_400_000) : null, scopes };
    }
    case "noon": {
      const { integrator, accounts } = noon.state;
      const keyId = `key-${account}-${randomBytes(8).toString("hex")}`;
      const channelIdentifier = `store-${keyId}@p900001.idp.noon.partners`;
      // All keys are one pair, since making a thousand takes minutes; the platform tells them apart by their names.
      const { publicKey } = Object.values(accounts)[0]?.keys[integrator.keyId] ?? { publicKey: "" };
      const key = { publicKey, project: integrator.projectCode, active: true, endsAt: null };
      accounts[channelIdentifier] = { userCode: `U-${keyId}`, seller: account, keys: { [keyId]: key } };
      const held = { keyId, privateKey: integrator.privateKey, channelIdentifier, keyProjectCode: integrator.projectCode };
      return {
        access: null,
        renewal: JSON.stringify({ v: 1, step: "key", ...held, projectCode: account, mixed: false }),
        expiresAt: null,
        scopes: null,
      };
    }
    case "norce": {
      const slug = account.toLowerCase();
      const user = { slug, clientId: `client-${randomBytes(8).toString("hex")}`, clientSecret: norce.ledger.canary("norce-secret") };
      norce.users.push({ ...user, environments: ["stage"], applications: [1042] });
      const held = {
        mode: "commerce",
        slug,
        region: "se",
        api_origin: "",
        environment: "stage",
        application_id: "1042",
        scopes: ["stage"],
      };
      const renewal = JSON.stringify({ v: 1, ...held, client_id: user.clientId, client_secret: user.clientSecret });
      return { access: null, renewal, expiresAt: null, scopes: ["stage"] };
    }
  }
}

/** The account of a store as the product knows it. */
export function accountAt(slug: Slug, store: number): string {
  return slug === "norce" ? `norce.test/${accountOf(store).toLowerCase()}/se/stage/1042` : accountOf(store);
}

/** Whether the platform itself would renew with this: its own state decides, and nobody is asked. */
export function accepts(at: Platforms, slug: Slug, renewal: string | null): boolean {
  const held = JSON.parse(renewal ?? "{}") as Record<string, string | undefined>;
  const { oauth2, ultracart, square, noon, norce } = at.simulators;
  const now = Date.now() + at.skew.ms;
  switch (slug) {
    case "oauth2": {
      const token = oauth2.state.refresh[held.refreshToken ?? ""];
      return token !== undefined && !token.used && oauth2.state.families[token.family]?.ended === false;
    }
    case "ultracart":
      return ultracart.state.grants.some(({ alive, refresh }) => alive && refresh.includes(held.refresh_token ?? ""));
    case "square": {
      const token = square.state.refresh[held.refreshToken ?? ""];
      return token !== undefined && !token.dead && (token.endsAt === null || token.endsAt > now);
    }
    case "noon":
      return Object.values(noon.state.accounts).some(({ keys }) => keys[held.keyId ?? ""]?.active === true);
    case "norce":
      return norce.users.some(({ clientId, clientSecret }) => clientId === held.client_id && clientSecret === held.client_secret);
  }
}

/** The owner takes our access away at the platform. */
export function removeAt(at: Platforms, slug: Slug, store: number): void {
  at.simulators[slug].revokeAtPlatform(accountAt(slug, store));
}
