import { setTimeout as pause } from "node:timers/promises";
import { claimCheck, findCheck, finishCheck } from "@/db/access-checks";
import type { AccessVerdict } from "@/db/api-tables";
import { database, transaction } from "@/db/client";
import { type Connection, findConnection } from "@/db/connections";
import { insertEvent } from "@/db/events";
import { isHeldBack } from "@/db/offer-pauses";
import type { KeyActor } from "@/lib/auth/actor";
import { ProviderError } from "@/lib/providers/provider-error";
import { LONGEST_MS, newerAccess } from "./access-renewal";
import { shared } from "./access-shared";
import { canRenew } from "./can-renew";
import { demote } from "./demote";
import type { OpenIo } from "./open-io";
import { prove } from "./prove";
import { STALE } from "./trouble-of";

/** `known`: it was so before anybody asked, from a check within the minute. Null: it is under way. `againS`: until there may be another one. */
export type Checked = { verdict: AccessVerdict | null; known: boolean; againS: number };

const EVERY_S = 60;
/** Where the platform could not be asked, the minute is not used up. */
const UNSURE_S = 5;
const STEP_MS = 120;

const running = new Map<string, Promise<Checked>>();

/**
 * Somebody says that the platform refused that access: the platform is asked, once a minute for all processes, and only what it refuses is
 * renewed. Who says the same meanwhile is told what came of it.
 */
export const checkedAccess = (actor: KeyActor, id: string, generation: number, open: OpenIo): Promise<Checked> =>
  shared(
    running,
    `${id} ${generation}`,
    () => check(actor, id, generation, open),
    () => false,
  );

async function check(actor: KeyActor, id: string, generation: number, open: OpenIo): Promise<Checked> {
  if (await claimCheck(database(), id, generation, EVERY_S)) {
    const verdict = await judge(actor, id, generation, open).catch((): AccessVerdict => "unsure");
    return { verdict, known: false, againS: await finish(actor, id, generation, verdict) };
  }
  const first = await findCheck(database(), id, EVERY_S);
  let now = first;
  for (const until = performance.now() + LONGEST_MS; now?.verdict === null && performance.now() < until; ) {
    await pause(STEP_MS);
    now = await findCheck(database(), id, EVERY_S);
  }
  const againS = Math.max(now?.againS ?? 1, 1);
  // Another generation's verdict says only that it is too early for another check.
  if (now?.generation !== generation) return { verdict: "unsure", known: true, againS };
  return { verdict: now.verdict, known: first?.verdict !== null, againS };
}

async function judge(actor: KeyActor, id: string, generation: number, open: OpenIo): Promise<AccessVerdict> {
  const row = await findConnection(database(), id);
  if (row?.status !== "active") return "ended";
  if (row.generation !== generation) return "renewed";
  if (await isHeldBack(database(), row.offer)) return "unsure";
  const proof = row.access === null ? new ProviderError("transient", "session_ended") : await prove(row, open);
  if (!(proof instanceof ProviderError)) {
    const other = row.accountId !== null && proof.id !== null && proof.id !== row.accountId;
    if (!other && !proof.stale && !proof.unproved) return "works";
  } else if (proof.trouble !== "reconnect" && !STALE.has(proof.code)) return "unsure";
  if (!canRenew(row)) return refused(actor, row, proof instanceof ProviderError ? proof : null);
  const heard = await newerAccess(actor, id, generation, open);
  if (heard.kind !== "moved") return "unsure";
  return (await findConnection(database(), id))?.status === "active" ? "renewed" : "ended";
}

/** Nothing renews it, so what the platform said of it is the last word. Where it said nothing, nobody is asked to reconnect. */
async function refused(actor: KeyActor, row: Connection, refusal: ProviderError | null): Promise<AccessVerdict> {
  if (refusal === null) return "unsure";
  await demote(actor, row, { code: refusal.code, customerText: refusal.detail.customerText });
  return "ended";
}

async function finish(actor: KeyActor, id: string, generation: number, verdict: AccessVerdict): Promise<number> {
  const againS = verdict === "unsure" ? UNSURE_S : EVERY_S;
  await transaction(async (tx) => {
    await finishCheck(tx, id, verdict, EVERY_S, againS);
    const row = verdict === "unsure" ? null : await findConnection(tx, id);
    if (!row) return;
    const facts = { generation, verdict };
    await insertEvent(tx, { kind: "connection.refusal_reported", actor, merchantId: row.merchantId, connectionId: id, facts });
  });
  return againS;
}
