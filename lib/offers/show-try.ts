import { database } from "@/db/client";
import { findTry, type TryStep } from "@/db/offer-tries";
import type { UserActor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { notFound } from "@/lib/errors";
import { isId } from "@/lib/ids";
import { wentWell } from "./try-grant";

export type TryView = {
  id: string;
  slug: string;
  status: "open" | "answered" | "running" | "done";
  steps: readonly TryStep[];
  good: boolean;
};

/** A dry run, for the admin who began it; anybody else gets 404. */
export async function showTry(actor: UserActor, slug: string, id: string): Promise<TryView> {
  authorize(actor, "providers.manage");
  const row = isId(id) ? await findTry(database(), id) : null;
  if (!row || row.userId !== actor.id || row.offer !== slug) throw notFound();
  return { id: row.id, slug: row.offer, status: row.status, steps: row.steps, good: wentWell(row.steps) };
}

/** Whose dry run it is, for the admin who began it. */
export async function findTrySlug(actor: UserActor, id: string): Promise<string> {
  authorize(actor, "providers.manage");
  const row = isId(id) ? await findTry(database(), id) : null;
  if (!row || row.userId !== actor.id) throw notFound();
  return row.offer;
}
