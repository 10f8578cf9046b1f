import type { Tx } from "@/db/client";
import { lockAdmins } from "@/db/memberships";
import { AppError } from "@/lib/errors";

/** Refuses (409) what would leave nobody who can act as admin. Two admins who end each other at once are judged one after the other. */
export async function keepAnAdmin(tx: Tx, without: string): Promise<void> {
  const admins = await lockAdmins(tx);
  if (admins.includes(without) && admins.length === 1) throw new AppError("last_admin", 409);
}
