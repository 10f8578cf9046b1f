import { z } from "zod";
import { database } from "@/db/client";
import { findConnection } from "@/db/connections";
import type { Connector } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { AppError, notFound } from "@/lib/errors";
import { ProviderError } from "@/lib/providers/provider-error";
import { activate } from "./activate";
import { endParked } from "./end-parked";
import { endPending } from "./end-pending";
import { type OpenIo, openIo } from "./open-io";
import { ownAttempt } from "./own-attempt";
import { proveHeld } from "./prove";
import { tellPlatform } from "./tell-platform";

const inputSchema = z.strictObject({ attemptId: z.string().max(64), choice: z.enum(["keep", "add"]) });

/**
 * The answer to "you signed in to a different store": `keep` lets what was just granted go again, `add` makes it a store of its own.
 * Throws 409 when it was decided already.
 */
export async function chooseAccount(actor: Connector, input: unknown, open: OpenIo = openIo): Promise<void> {
  const { attemptId, choice } = inputSchema.parse(input);
  const attempt = await ownAttempt(actor, attemptId);
  authorize(actor, "connection.connect", { merchantId: attempt.merchantId });
  const row = attempt.resultId ? await findConnection(database(), attempt.resultId) : null;
  if (attempt.outcome !== "different_account" || row?.status !== "pending") throw new AppError("already_decided", 409);
  // A link that is for one connection adds no other.
  if (choice === "add" && actor.kind === "link" && actor.connectionId !== null) throw notFound();
  if (choice === "keep") return endParked(row.id, open, actor);
  // It was parked for a while: only what the platform still confirms becomes a store.
  const proof = await proveHeld(row, open);
  if (proof === "busy") throw new AppError("already_decided", 409);
  if (!(proof instanceof ProviderError)) return activate(row, { ...attempt, connectionId: null }, proof);
  if (proof.trouble !== "reconnect") throw new AppError("platform_unreachable", 503, { platform: row.offer });
  await endPending(actor, row, attempt, proof);
  await tellPlatform(row.id, open);
}
