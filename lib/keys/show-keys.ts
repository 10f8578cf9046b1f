import { type ApiKeyRow, findKeyById, listKeys } from "@/db/api-keys";
import { database } from "@/db/client";
import { merchantNames } from "@/db/merchants";
import { readClock } from "@/db/read-clock";
import type { Actor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { notFound } from "@/lib/errors";
import { isId } from "@/lib/ids";
import { isUnused, type KeyState, keyState } from "./key-state";

const MOST_ENDED = 500;

export type KeyView = Pick<
  ApiKeyRow,
  "id" | "name" | "hint" | "scopes" | "offers" | "requestsPerSecond" | "createdByName" | "createdAt" | "lastUsedAt"
> & {
  /** When it ended or will; null: never. */
  endsAt: Date | null;
  state: KeyState;
  unused: boolean;
  /** By their names; null: every merchant. */
  merchants: string[] | null;
  /** The key that it takes over from, while both are good. */
  replaces: { name: string; hint: string } | null;
};

/** The keys that may still be used, all of them, and those that ended, the newest. */
export async function showKeys(actor: Actor): Promise<{ live: KeyView[]; ended: KeyView[]; asOf: Date }> {
  authorize(actor, "keys.manage");
  const [rows, asOf] = await Promise.all([listKeys(database(), MOST_ENDED), readClock(database())]);
  const views = await viewsOf(rows, asOf);
  const isOver = ({ state }: KeyView) => state === "revoked" || state === "expired";
  return { live: views.filter((key) => !isOver(key)), ended: views.filter(isOver), asOf };
}

/** Throws 404 where there is no such key. */
export async function showKey(actor: Actor, id: string): Promise<{ key: KeyView; asOf: Date }> {
  authorize(actor, "keys.manage");
  const [row, asOf] = await Promise.all([isId(id) ? findKeyById(database(), id) : null, readClock(database())]);
  const [key] = row ? await viewsOf([row], asOf) : [];
  if (!key) throw notFound();
  return { key, asOf };
}

async function viewsOf(rows: ApiKeyRow[], now: Date): Promise<KeyView[]> {
  const names = await merchantNames(database(), [...new Set(rows.flatMap(({ merchantIds }) => merchantIds ?? []))]);
  const good = new Map(rows.filter((row) => !["revoked", "expired"].includes(keyState(row, now))).map((row) => [row.id, row]));
  return rows.map((row) => {
    const { id, name, hint, scopes, offers, requestsPerSecond, createdByName, createdAt, lastUsedAt } = row;
    const before = row.replaces === null ? undefined : good.get(row.replaces);
    return {
      ...{ id, name, hint, scopes, offers, requestsPerSecond, createdByName, createdAt, lastUsedAt },
      endsAt: row.revokedAt ?? row.expiresAt,
      state: keyState(row, now),
      unused: isUnused(row, now),
      merchants: row.merchantIds?.map((merchant) => names.get(merchant) ?? merchant) ?? null,
      replaces: before ? { name: before.name, hint: before.hint } : null,
    };
  });
}
