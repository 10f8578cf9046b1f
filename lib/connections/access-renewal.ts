import { setTimeout as pause } from "node:timers/promises";
import { readStand, type Stand } from "@/db/access";
import type { KeyActor } from "@/lib/auth/actor";
import { log } from "@/lib/log";
import { shared } from "./access-shared";
import { DOUBT_S } from "./lease";
import type { OpenIo } from "./open-io";
import { renewOnce } from "./renew-once";

/** `moved`: read again; else nothing came, and when it makes sense to ask again. */
export type Heard = { kind: "moved" } | NotNow;
type NotNow = { kind: "not_now"; code: string; retryAfterS: number };

/** Nobody waits longer than this for newer access, so nobody looks for it longer either. */
export const LONGEST_MS = 5_000;
const FIRST_STEP_MS = 30;
const STEP_MS = 120;
/** A platform that has just failed is left alone for so long, by all processes together. */
export const COOL_S = 5;
const UNTOLD_S = 5;
/** An admin may resume at any time, so nobody is sent away for hours. */
const PAUSED_S = 60;

const running = new Map<string, Promise<Heard>>();

/**
 * Newer access than that of `generation`: one renewal in the whole installation. Who comes second, in whatever process, looks at the row until
 * the first is done; what was begun is carried through whoever goes away.
 */
export const newerAccess = (actor: KeyActor, id: string, generation: number, open: OpenIo): Promise<Heard> =>
  shared(
    running,
    `${id} ${generation}`,
    () => obtain(actor, id, generation, open),
    ({ kind }) => kind !== "moved",
  );

const notNow = (code: string, retryAfterS: number = UNTOLD_S): NotNow => ({ kind: "not_now", code, retryAfterS });

async function obtain(actor: KeyActor, id: string, generation: number, open: OpenIo): Promise<Heard> {
  const first = await readStand(id, DOUBT_S);
  if (!first || hasMoved(first, generation)) return { kind: "moved" };
  // A person may renew in spite of it, and knows why; what asks by itself goes by it.
  if (first.pausedS !== null) return notNow("platform_paused", Math.min(first.pausedS, PAUSED_S));
  if (first.failures > 0 && first.troubledS !== null && first.troubledS < COOL_S)
    return notNow("platform_failing", COOL_S - first.troubledS);
  let stand = first;
  let attempt: Promise<Heard | "busy"> | null = first.heldS > 0 ? null : tryOnce(actor, id, generation, open);
  let stepMs = FIRST_STEP_MS;
  for (const until = performance.now() + LONGEST_MS; performance.now() < until; stepMs = STEP_MS) {
    const heard: Heard | "busy" | undefined = await Promise.race([pause(stepMs, undefined), ...(attempt === null ? [] : [attempt])]);
    if (heard !== undefined && heard !== "busy") return heard;
    if (heard === "busy") attempt = null;
    const now = await readStand(id, DOUBT_S);
    if (!now || hasMoved(now, generation)) return { kind: "moved" };
    stand = now;
    if (attempt !== null || stand.heldS > 0) continue;
    // Whoever was at it let go of it: because the platform failed, or because it was not their turn.
    if (stand.failures > first.failures) return notNow("platform_failing");
    attempt = tryOnce(actor, id, generation, open);
  }
  // In doubt it stays nobody's for two minutes, which a late answer may end at any time.
  return notNow("renewing", Math.min(Math.max(stand.heldS, 1), UNTOLD_S));
}

/** A revocation counts as well: whoever waits is told at once. */
const hasMoved = (stand: Stand, generation: number) => stand.generation !== generation || stand.status !== "active";

async function tryOnce(actor: KeyActor, id: string, generation: number, open: OpenIo): Promise<Heard | "busy"> {
  const renewed = await renewOnce(actor, id, ["active"], open, generation).catch((error: unknown) => {
    log.error("renewal_broke_off", error, { connection: id });
    return notNow("platform_failing");
  });
  switch (renewed.kind) {
    case "renewed":
      return { kind: "moved" };
    case "busy":
      return "busy";
    case "not_now":
      return renewed;
    case "failed": {
      const { trouble, detail } = renewed.error;
      if (trouble === "reconnect" || trouble === "declined") return { kind: "moved" };
      return notNow("platform_failing", detail.retryAfterS);
    }
  }
}
