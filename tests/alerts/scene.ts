import { sql } from "drizzle-orm";
import { database } from "@/db/client";
import { listDeliveries } from "@/db/deliveries";
import type { AlertKind } from "@/db/schema";
import { addDestination } from "@/lib/alerts/add-destination";
import { everyKind, usualThreshold } from "@/lib/alerts/alert-kinds";
import { changeRules } from "@/lib/alerts/change-rules";
import { makeMerchant } from "@/tests/auth/people";
import { keepSecret } from "@/tests/leaks/run-folder";
import { empty } from "@/tests/support/empty";
import { staff } from "@/tests/support/journey";

type Store = Partial<{
  offer: string;
  merchant: string;
  state: string;
  status: string;
  label: string;
  needed: string;
  noReturn: string;
  renews: string;
}>;

/** So many stores as rows: `needed`, `noReturn` and `renews` are intervals from now; nothing in doubt. Resolves to their ids. */
export async function stores(count: number, store: Store = {}): Promise<string[]> {
  const { offer = "square", state = "healthy", status = "active", label = "Riyadh shop" } = store;
  const merchant = store.merchant ?? (await makeMerchant());
  const from = (interval: string | undefined) => (interval === undefined ? sql`null` : sql`app_now() + ${interval}::interval`);
  const made = await database().execute<{ id: string }>(sql`
    insert into connections (id, merchant_id, offer, provider, environment, status, label, state, state_since, owner_needed_at, no_return_at, next_refresh_at, connected_at)
    select 'con_' || md5(random()::text), ${merchant}, ${offer}, ${offer}, 'production', ${status}, ${label}, ${state},
      coalesce(${from(store.needed)}, app_now()), ${from(store.needed)}, ${from(store.noReturn)}, ${from(store.renews)}, app_now() - interval '40 days'
    from generate_series(1, ${count}) returning id`);
  return made.rows.map(({ id }) => id);
}

export async function setState(ids: readonly string[], state: string, needed: string | null = null): Promise<void> {
  const since = needed === null ? sql`null` : sql`app_now() + ${needed}::interval`;
  await database().execute(
    sql`update connections set state = ${state}, state_since = coalesce(${since}, app_now()), owner_needed_at = ${since} where id in ${ids}`,
  );
}

/** A destination that is told of these kinds alone, from these numbers on. */
export async function told(kinds: Partial<Record<AlertKind, number>>, kind: "email" | "webhook" = "email") {
  const admin = await staff("admin");
  const name = crypto.randomUUID().slice(0, 8);
  const address = kind === "email" ? `ops-${name}@company.example` : `https://${name}.receiver.example/hook`;
  const made = await addDestination(admin, { kind, address, locale: "en" });
  if (made.secret) keepSecret("webhook secret", made.secret);
  const rules = everyKind.map((about) => {
    return [about, { enabled: about in kinds, threshold: String(kinds[about] ?? usualThreshold(about)) }] as const;
  });
  await changeRules(admin, { destinationId: made.id, rules: Object.fromEntries(rules) });
  return { ...made, admin, address };
}

/** All messages that were ever written down, the oldest first. */
export async function messages() {
  return (await listDeliveries(database(), null, 10_000)).reverse();
}

/** What each message is, to whom. */
export async function said(): Promise<string[]> {
  return (await messages()).map(({ kind, address, facts }) => `${kind} ${facts.about ?? "-"} → ${address}`);
}

export async function emptyAlerts(): Promise<void> {
  await empty(
    "connections",
    "incidents",
    "workers",
    "alerts",
    "alert_rules",
    "alert_destinations",
    "deliveries",
    "events",
    "users",
    "memberships",
  );
}
