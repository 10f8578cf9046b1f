import { type Destination, findDestination } from "@/db/alert-destinations";
import type { Executor } from "@/db/client";
import { notFound } from "@/lib/errors";
import { isId } from "@/lib/ids";

/** Throws 404 for one that is not there, or was removed. */
export async function destination(db: Executor, id: unknown): Promise<Destination> {
  const found = typeof id === "string" && isId(id) ? await findDestination(db, id) : null;
  if (!found) throw notFound();
  return found;
}
