import { database } from "@/db/client";
import type { Connection } from "@/db/connections";
import { cameWhileConnecting, claimNotice, finishNotice, postponeNotice, rowsOfAccount, type StoredNotice } from "@/db/notices";
import { platform, worker } from "@/lib/auth/actor";
import { crashPoint, crossing } from "@/lib/crash-point";
import { log } from "@/lib/log";
import { demote } from "./demote";
import { backoffS } from "./next-refresh";
import { type OpenIo, openIo } from "./open-io";
import { testConnection } from "./test-connection";

/** Longer than a proof, a renewal and another proof. */
const HOLD_S = 120;
/** Somebody is at the connection, and soon done with it. */
const BUSY_S = 5;
/** Two clocks may differ by this much: what lies closer together has no order. */
const APART_MS = 5 * 60_000;
/** For so long after a notice came in, what somebody is connecting just then may be what it is about. */
const CONNECTING_S = 120;

type Done = "demoted" | "stands" | "older" | "known" | "ended" | "unknown_account";
type Verdict = { outcome: Done } | { laterS: number };

/**
 * Does what a kept notice asks for, once, whoever comes to it: the connections of that account need their owner, unless they were connected
 * after what it tells of. Where that is not clear the platform is asked. Nothing else is touched.
 */
export async function takeNotice(id: string, open: OpenIo = openIo): Promise<void> {
  const notice = await crossing("notice.claim", () => claimNotice(database(), id, HOLD_S));
  if (!notice) return;
  const verdict = await judge(notice, open);
  crashPoint("notice.judged");
  if ("laterS" in verdict) return crossing("notice.postpone", () => postponeNotice(database(), notice, verdict.laterS));
  if (await cameWhileConnecting(database(), notice, CONNECTING_S))
    return crossing("notice.wait", () => postponeNotice(database(), notice, 3 * BUSY_S));
  log.info("notice_done", { offer: notice.offer, kind: notice.kind, outcome: verdict.outcome });
  await crossing("notice.finish", () => finishNotice(database(), notice, verdict.outcome));
}

async function judge(notice: StoredNotice, open: OpenIo): Promise<Verdict> {
  const rows = await rowsOfAccount(database(), notice);
  let verdict: Verdict = { outcome: rows.length > 0 ? "ended" : "unknown_account" };
  for (const row of rows.filter(({ status }) => status === "active" || status === "reconnect")) {
    verdict = await apply(notice, row, open);
    if ("laterS" in verdict) return verdict;
  }
  return verdict;
}

async function apply(notice: StoredNotice, row: Connection, open: OpenIo): Promise<Verdict> {
  const order = compare(notice.happenedAt, row);
  if (order === "older") return { outcome: "older" };
  if (row.status === "reconnect") return { outcome: "known" };
  if (order === "unclear") return verify(notice, row, open);
  const done = await demote(platform, row, { code: "access_removed" });
  return done === "demoted" ? { outcome: done } : { laterS: BUSY_S };
}

/** A grant that was issued about then, or is being renewed now, may be one that the platform still stands by. */
function compare(at: Date, { connectedAt, issuedAt, leaseId, sentAt }: Connection): "older" | "newer" | "unclear" {
  const since = (moment: Date | null) => (moment === null ? Number.POSITIVE_INFINITY : at.getTime() - moment.getTime());
  if (since(connectedAt) < -APART_MS) return "older";
  const clear = since(connectedAt) > APART_MS && since(issuedAt) > APART_MS && leaseId === null && sentAt === null;
  return clear ? "newer" : "unclear";
}

async function verify(notice: StoredNotice, row: Connection, open: OpenIo): Promise<Verdict> {
  const tested = await testConnection(worker, row.id, open);
  switch (tested.kind) {
    case "works":
      return { outcome: "stands" };
    case "not_now":
      return { laterS: tested.retryAfterS };
    case "failed":
      if (tested.trouble === "reconnect" || tested.trouble === "declined") return { outcome: "demoted" };
      return { laterS: backoffS(notice.tries - 1) };
    default:
      return { laterS: BUSY_S };
  }
}
