import type { Platforms } from "@/tests/demo/world";
import { NOON_PROJECT, noonChannel, norceClient, SCOPES } from "./issued";
import { norceApplication, norceSlug, type Plan, type Slug } from "./plan";
import { noonKeyId, secretOf } from "./secrets";
import type { Seeding } from "./seeding";

type States = { [Id in Slug]: Platforms[Id]["state"] };

/** How each platform remembers what it issued to a row, as if it had issued it to a person who came by. */
export const remember: { [Id in Slug]: (state: States[Id], seeding: Seeding, plan: Plan) => void } = {
  square: (state, seeding, { index, accountId, expiresAt }) => {
    const held = () => ({ environment: "production" as const, merchant: accountId, scopes: [...SCOPES.square] });
    state.access[secretOf(seeding, "square-access", index)] = { ...held(), endsAt: expiresAt ?? 0, revoked: false, legacy: false };
    state.refresh[secretOf(seeding, "square-refresh", index)] = { ...held(), endsAt: null, dead: false };
  },
  ultracart: (state, seeding, { index, accountId, expiresAt }) => {
    state.grants.push({
      store: accountId,
      scopes: [...SCOPES.ultracart],
      alive: true,
      access: { [secretOf(seeding, "ultracart-access", index)]: expiresAt ?? 0 },
      refresh: [secretOf(seeding, "ultracart-refresh", index)],
      retired: [],
    });
  },
  oauth2: (state, seeding, { index, accountId, expiresAt, renewable }) => {
    const family = `demo-${index}`;
    const scopes = [...SCOPES.oauth2];
    state.families[family] = { id: family, sub: accountId, scopes, ended: false };
    state.access[secretOf(seeding, "oauth2-access", index)] = { family, scopes, endsAt: expiresAt ?? 0 };
    if (renewable) state.refresh[secretOf(seeding, "oauth2-refresh", index)] = { family, used: false };
  },
  noon: (state, seeding, { index, accountId, renewableUntil }) => {
    const key = { publicKey: seeding.noonKey.publicKey, project: NOON_PROJECT, active: true, endsAt: renewableUntil };
    state.accounts[noonChannel(index)] = { userCode: `U-demo-${index}`, seller: accountId, keys: { [noonKeyId(seeding, index)]: key } };
  },
  norce: (state, seeding, { index, environment }) => {
    state.users.push({
      slug: norceSlug(index),
      clientId: norceClient(index),
      clientSecret: secretOf(seeding, "norce-secret", index),
      environments: [environment as "production"],
      applications: [norceApplication(index)],
    });
  },
};

/** The account that a secret opens, where it is not the row's first one any more. */
export function holderOf({ access, refresh, families }: States["oauth2"], secret: string): string | undefined {
  return families[(refresh[secret] ?? access[secret])?.family ?? ""]?.sub;
}
