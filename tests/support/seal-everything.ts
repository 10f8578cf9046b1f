import { sql } from "drizzle-orm";
import { database } from "@/db/client";
import type { Connection } from "@/db/connections";
import { newId } from "@/db/new-id";
import { addDestination } from "@/lib/alerts/add-destination";
import { rotateSecret } from "@/lib/alerts/rotate-secret";
import type { UserActor } from "@/lib/auth/actor";
import { receiveAnswer } from "@/lib/connections/receive-answer";
import { type Place, seal } from "@/lib/vault";
import { keepSecret } from "@/tests/leaks/run-folder";
import { approve, connected, type Platforms, staff, start } from "./journey";
import { sealOffer } from "./sealed-offers";

/** A consent that was answered and not exchanged yet; resolves to its attempt. */
export async function answered(at: Platforms, actor: UserActor): Promise<string> {
  const begun = await start(at, actor, "oauth2");
  await receiveAnswer("oauth2", await approve(at, "oauth2", begun.url, "acct-dammam"), begun.cookie, actor);
  return begun.attemptId;
}

export async function candidateOf({ id, merchantId }: Connection): Promise<void> {
  const grant = newId("grant");
  const place = (column: string): Place => ({ table: "grants", column, row: grant, merchant: merchantId });
  await database().execute(sql`insert into grants (id, connection_id, merchant_id, reason, access, renewal, epoch) values
    (${grant}, ${id}, ${merchantId}, 'candidate', ${seal("CNRY-access", place("access"))}, ${seal("CNRY-renewal", place("renewal"))}, 1)`);
}

/** A row for every sealed column there is, most of them made by the product itself: two stores of that merchant and what goes with them. */
export async function sealEverything(at: Platforms, mona: UserActor): Promise<{ first: Connection; second: Connection }> {
  const first = await connected(at, mona, "oauth2", "acct-riyadh");
  const second = await connected(at, mona, "norce");
  await candidateOf(first);
  await answered(at, mona);
  const admin = await staff("admin");
  const hook = await addDestination(admin, { kind: "webhook", address: "https://receiver.example/hook", locale: "en" });
  for (const secret of [hook.secret, await rotateSecret(admin, hook.id)]) keepSecret("webhook secret", String(secret));
  await sealOffer();
  return { first, second };
}
