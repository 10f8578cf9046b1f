import { z } from "zod";
import { findAttempt } from "@/db/attempts";
import { database } from "@/db/client";
import { findConnection } from "@/db/connections";
import type { UserActor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { AppError, notFound } from "@/lib/errors";
import { activate } from "./activate";
import { endParked } from "./end-parked";
import { type OpenIo, openIo } from "./open-io";

const inputSchema = z.strictObject({ attemptId: z.string().max(64), choice: z.enum(["keep", "add"]) });

/**
 * The answer to "you signed in to a different store": `keep` lets what was just granted go again, `add` makes it a store of its own.
 * Throws 409 when it was decided already.
 */
export async function chooseAccount(actor: UserActor, input: unknown, open: OpenIo = openIo): Promise<void> {
  const { attemptId, choice } = inputSchema.parse(input);
  const attempt = await findAttempt(database(), attemptId);
  if (!attempt || attempt.userId !== actor.id) throw notFound();
  authorize(actor, "connection.connect", { merchantId: attempt.merchantId });
  const row = attempt.resultId ? await findConnection(database(), attempt.resultId) : null;
  if (attempt.outcome !== "different_account" || row?.status !== "pending") throw new AppError("already_decided", 409);
  if (choice === "add") {
    await activate(row, { ...attempt, connectionId: null }, { id: row.accountId, label: row.accountLabel, scopes: row.scopes });
    return;
  }
  await endParked(row.id, open, actor);
}
