import { type BulkItem, postponeItem, settleItem, tellAnew } from "@/db/bulk-items";
import type { BulkRun } from "@/db/bulk-runs";
import type { ItemStatus } from "@/db/bulk-tables";
import { database } from "@/db/client";
import { type Connection, findConnection } from "@/db/connections";
import type { UserActor } from "@/lib/auth/actor";
import { beginRevocation } from "@/lib/connections/begin-revocation";
import type { OpenIo } from "@/lib/connections/open-io";
import { type RenewResult, renew } from "@/lib/connections/renew";
import { tellPlatform } from "@/lib/connections/tell-platform";
import { type TestResult, testConnection } from "@/lib/connections/test-connection";
import { PAUSED } from "@/lib/connections/with-client";
import { crashPoint } from "@/lib/crash-point";
import { AppError } from "@/lib/errors";
import { persist } from "@/lib/persist";

/** An item whose holders died, or that somebody else was at, so many times is left to people. */
const MOST_TRIES = 5;
const BUSY_WAIT_S = 20;

type End = { status: ItemStatus; code: string | null } | { waitS: number; code: string | null; tried: boolean };

/** Does one item of a run that this process has claimed. Resolves to whether the platform takes no more for now. */
export async function doItem(actor: UserActor, run: BulkRun, item: BulkItem, open: OpenIo): Promise<boolean> {
  crashPoint("bulk.claimed");
  const end = item.tries > MOST_TRIES ? { status: "failed" as const, code: "broke_off" } : await carryOut(actor, run, item, open);
  crashPoint("bulk.done");
  await persist(() =>
    "status" in end ? settleItem(database(), item, end.status, end.code) : postponeItem(database(), item, end.waitS, end.code, end.tried),
  );
  return "waitS" in end && !end.tried;
}

async function carryOut(actor: UserActor, run: BulkRun, item: BulkItem, open: OpenIo): Promise<End> {
  // Nobody waits for a single one of them, so that half of each platform's turns is left to those who do.
  const patient: OpenIo = (offer, context) => open(offer, { ...context, background: true });
  try {
    if (run.act === "revoke") return await end(actor, run, item, open);
    if (run.act === "test") return endOf(await testConnection(actor, item.connectionId, patient));
    return endOf(await renew(actor, item.connectionId, patient, item.generation));
  } catch (error) {
    if (error instanceof AppError && error.status === 404) return { status: "failed", code: "gone" };
    throw error;
  }
}

function endOf(result: RenewResult | TestResult): End {
  switch (result.kind) {
    case "works":
      return { status: "done", code: result.unproved ? "unproved" : "works" };
    case "renewed":
      return { status: "done", code: "renewed" };
    case "cannot":
      return { status: "failed", code: "cannot" };
    case "busy":
      return { waitS: BUSY_WAIT_S, code: "busy", tried: true };
    case "not_now":
      return { waitS: result.retryAfterS, code: "paced", tried: false };
    case "failed":
      if (result.code === PAUSED) return { waitS: BUSY_WAIT_S, code: PAUSED, tried: false };
      return { status: "failed", code: result.code };
  }
}

/** As a single revocation goes: access ends here first, then the platform is told, by this process or by the job that tells it again. */
async function end(actor: UserActor, run: BulkRun, { connectionId }: BulkItem, open: OpenIo): Promise<End> {
  const row = await findConnection(database(), connectionId);
  if (!row) return { status: "done", code: "gone" };
  if (row.status === "revoked") return revoked(row, run);
  if (row.status === "revoking") await tellAnew(database(), connectionId);
  else if (!(await beginRevocation(actor, row, { reach: "authorization", reason: run.reason, ticket: run.ticket, run: run.id })))
    return { waitS: 0, code: null, tried: true };
  crashPoint("bulk.begun");
  await tellPlatform(connectionId, open, true);
  const after = await findConnection(database(), connectionId);
  return after === null || after.status === "revoked" ? revoked(after, run) : { status: "asked", code: null };
}

/** `already`: it was over before this run came to it. */
function revoked(row: Connection | null, run: BulkRun): End {
  // The platform ended it together with another one of the same account.
  if (row?.revokeConfirmed === "sibling") return { status: "done", code: "sibling" };
  const ours = row === null || (row.revokeReason === run.reason && (row.revokeAskedAt ?? 0) >= run.startedAt);
  return { status: "done", code: ours ? (row?.revokeConfirmed ?? "gone") : "already" };
}
