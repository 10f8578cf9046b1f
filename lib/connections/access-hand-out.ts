import type { HeldAccess } from "@/db/access";
import { noteUse } from "@/db/claims";
import { database } from "@/db/client";
import { assertCounting, noteHandOut } from "@/lib/keys/hand-outs";
import { log } from "@/lib/log";
import { offers } from "@/lib/offers/offers";
import { openLazily } from "./sealed-grant";

/** Access in the clear, for the one caller who asked. */
export type Handed = {
  connectionId: string;
  offer: string;
  environment: string;
  accountId: string | null;
  headers: Record<string, string>;
  baseUrl: string | null;
  expiresMs: number | null;
  generation: number;
};

/**
 * What a backend attaches to its calls, and where. Counted. Null: its platform is not configured any more. Throws VaultError, and AppError
 * 503 where nobody would ever know of it.
 */
export function handOut(keyId: string, row: HeldAccess): Handed | null {
  const provider = offers().find(({ slug }) => slug === row.offer)?.provider;
  if (!provider) return null;
  assertCounting();
  const grant = openLazily(row);
  const { id: connectionId, offer, environment, accountId, expiresMs, generation } = row;
  const headers = provider.headers(grant);
  const handed = { connectionId, offer, environment, accountId, headers, baseUrl: provider.apiUrl(grant), expiresMs, generation };
  noteHandOut(keyId, connectionId);
  if (row.unused && provider.policy(row.renewable).kind !== "refresh_token") keepWarm(connectionId);
  return handed;
}

const telling = new Set<string>();

/** What is fetched on demand is fetched again while somebody uses it. Nobody waits for this to be written, and one at a time is enough. */
function keepWarm(id: string): void {
  if (telling.has(id)) return;
  telling.add(id);
  noteUse(database(), id)
    .catch((error: unknown) => log.error("use_not_noted", error, { connection: id }))
    .finally(() => telling.delete(id));
}
