import { randomBytes } from "node:crypto";
import { sql } from "drizzle-orm";
import { database } from "@/db/client";
import { newId } from "@/db/new-id";
import { connections } from "@/db/schema";
import { sealIssued } from "@/lib/connections/sealed-grant";
import { createKey } from "@/lib/keys/create-key";
import { makeMerchant } from "@/tests/auth/people";
import { staff } from "@/tests/support/journey";

export type Store = { id: string; token: string };
/** `stale`: their access has run out, and asking for it has it renewed. */
export type Stores = { key: string; fresh: Store[]; stale: Store[] };

const FRESH = 1_000;
const BATCH = 500;
/** Of a second's requests; far more than are asked, so that none is refused, and no more than a company would give. */
const PER_SECOND = 20_000;

/** Connections of the standard platform, and a key that may have all of them. Nothing of them is due by itself while it is measured. */
export async function makeStores(stale: number): Promise<Stores> {
  const merchantId = await makeMerchant();
  const { token } = await createKey(await staff("admin"), { name: "orders-sync", scopes: ["access:read"], requestsPerSecond: PER_SECOND });
  const stores = { key: token, fresh: await fill(merchantId, FRESH, 3_600, 0), stale: await fill(merchantId, stale, -60, FRESH) };
  await database().execute(sql`analyze`);
  return stores;
}

async function fill(merchantId: string, n: number, leftS: number, first: number): Promise<Store[]> {
  const made: Store[] = [];
  while (made.length < n) {
    const batch = Array.from({ length: Math.min(BATCH, n - made.length) }, () => ({ id: newId("con"), token: secret() }));
    await database()
      .insert(connections)
      .values(batch.map(({ id, token }, index) => rowOf({ id, merchantId }, token, leftS, first + made.length + index)));
    made.push(...batch);
  }
  return made;
}

const secret = () => randomBytes(48).toString("base64url");

const rowOf = (at: { id: string; merchantId: string }, access: string, leftS: number, account: number) => ({
  ...at,
  ...sealIssued(
    {
      access,
      renewal: JSON.stringify({ v: 1, refreshToken: secret() }),
      expiresAt: new Date(Date.now() + leftS * 1_000),
      scopes: ["orders.read"],
    },
    at,
    [],
  ),
  ...{ offer: "oauth2", provider: "oauth2", environment: "production", accountId: `account-${account}`, status: "active" as const },
  ...{ issuedAt: sql`app_now() - interval '10 minutes'`, connectedAt: sql`app_now() - interval '1 day'` },
  ...{ nextRefreshAt: sql`app_now() + interval '1 day'`, generation: 1 },
});
