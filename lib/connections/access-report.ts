import type { AccessVerdict } from "@/db/api-tables";
import type { KeyActor } from "@/lib/auth/actor";
import { AppError } from "@/lib/errors";
import { checkedAccess } from "./access-check";
import { readLive } from "./access-reading";
import { LONGEST_MS } from "./access-renewal";
import { waitFor } from "./access-waiting";
import { type OpenIo, openIo } from "./open-io";

/** `replaced`: there was newer access already; `checking`: the platform is still being asked; the rest as it was found. */
export type Reported = { verdict: Exclude<AccessVerdict, "ended"> | "replaced" | "checking"; generation: number };

/**
 * A backend says that access was refused. The platform is asked, once a minute however many say so, and all of them are told what came of
 * it. Throws AppError: 409 where only the owner can help, and as `readLive`.
 */
export async function reportAccess(actor: KeyActor, id: string, generation: number, open: OpenIo = openIo): Promise<Reported> {
  const row = await readLive(actor.id, id, "access.report");
  if (generation < row.generation) return { verdict: "replaced", generation: row.generation };
  if (generation > row.generation) throw new AppError("not_issued", 400);
  const checked = await waitFor(id, () => checkedAccess(actor, id, generation, open), LONGEST_MS);
  const now = await readLive(actor.id, id, "access.report");
  if (now.generation > generation) return { verdict: "renewed", generation: now.generation };
  const verdict = checked?.verdict ?? "checking";
  return { verdict: verdict === "ended" ? "unsure" : verdict, generation: now.generation };
}
