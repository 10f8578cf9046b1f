import { expect } from "@playwright/test";
import { sql } from "drizzle-orm";
import { database } from "@/db/client";
import { liveWorkers } from "@/db/workers";
import { makeMerchant } from "@/tests/auth/people";

const DAY = "interval '1 day'";
/**
 * Connections as a worker leaves them: most renew by themselves, some do not, some need their owners, and some are late. A worker is
 * there: a product that has just come up has not said so yet.
 */
export async function fillHealth(): Promise<void> {
  await expect.poll(async () => (await liveWorkers(database())).length, { timeout: 30_000 }).toBeGreaterThan(0);
  const merchantId = await makeMerchant("Nile Books");
  const rows = (id: string, n: number, values: Record<string, string>) => {
    const all = {
      id: `'${id}_' || n`,
      merchant_id: `'${merchantId}'`,
      label: `'${id} ' || n`,
      connected_at: "app_now()",
      last_proof_at: "app_now()",
      environment: "'production'",
      ...values,
    };
    return sql.raw(
      `insert into connections (${Object.keys(all).join(", ")}) select ${Object.values(all).join(", ")} from generate_series(1, ${n}) n`,
    );
  };
  const of = (offer: string) => ({ offer: `'${offer}'`, provider: `'${offer}'` });
  const active = { status: "'active'", renewable: "true", issued_at: `app_now() - ${DAY}` };
  const due = { expires_at: `app_now() + n * ${DAY}`, next_refresh_at: `app_now() + n * interval '5 hours' + interval '1 hour'` };
  const statements = [
    rows("renews", 28, { ...of("square"), ...active, ...due }),
    rows("ultra", 5, { ...of("ultracart"), ...active, expires_at: `app_now() + 2 * ${DAY}`, next_refresh_at: `app_now() + ${DAY}` }),
    rows("ends", 3, { ...of("oauth2"), ...active, renewable: "false", expires_at: `app_now() + 30 * ${DAY}` }),
    rows("late", 2, {
      ...of("square"),
      ...active,
      issued_at: `app_now() - 9 * ${DAY}`,
      expires_at: `app_now() + 21 * ${DAY}`,
      next_refresh_at: `app_now() + 1 * ${DAY}`,
    }),
    rows("refused", 4, {
      ...of("square"),
      status: "'reconnect'",
      trouble: "'reconnect'",
      trouble_code: "'refresh_refused'",
      trouble_at: "app_now()",
    }),
  ];
  for (const statement of statements) await database().execute(statement);
}
