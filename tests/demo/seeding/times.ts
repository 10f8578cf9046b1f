import type { HealthState } from "@/db/schema";
import type { Slug } from "./plan";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How long access lives, by the platform: as the world's simulators give it. */
export const LIFE_MS = { square: 30 * DAY, ultracart: 14 * DAY, oauth2: 30 * DAY } as const;
/** Of the accounts that their platform is slow with. */
export const SLOW_LIFE_MS = 10 * MINUTE;
/** When the product renews, as seen from the issue. */
const DUE_MS = { square: 7 * DAY, ultracart: 7 * DAY, oauth2: 15 * DAY } as const;

export type Times = {
  connectedAt: number;
  issuedAt: number | null;
  expiresAt: number | null;
  renewableUntil: number | null;
  lastProofAt: number | null;
  nextRefreshAt: number | null;
  nextProofAt: number | null;
  failures: number;
  firstFailureAt: number | null;
  /** When the last trouble was met, or the access ended. */
  troubleAt: number | null;
};

type Draw = (at: number) => number;

/** When what happened to a store of that state, as it may have been; all of it before `now` but what is planned. */
export function timesOf(fate: HealthState, offer: Slug, now: number, draw: Draw): Times {
  const within = (at: number, from: number, to: number) => from + draw(at) * (to - from);
  const connectedAt = now - within(0, 40 * DAY, 400 * DAY);
  const base: Times = {
    connectedAt,
    issuedAt: null,
    expiresAt: null,
    renewableUntil: null,
    lastProofAt: now - within(1, MINUTE, 11 * HOUR),
    nextRefreshAt: null,
    nextProofAt: now + within(2, 20 * MINUTE, 12 * HOUR),
    failures: 0,
    firstFailureAt: null,
    troubleAt: null,
  };
  if (fate === "revoked" || fate === "needs_reconnect") {
    const troubleAt = now - within(3, HOUR, fate === "revoked" ? 35 * DAY : 20 * DAY);
    const proved = troubleAt - within(4, MINUTE, 12 * HOUR);
    const over = fate === "revoked" || offer === "noon" || offer === "norce" ? null : troubleAt + within(5, -DAY, 10 * DAY);
    return { ...base, troubleAt, lastProofAt: proved, issuedAt: troubleAt - 3 * DAY, expiresAt: over, nextProofAt: null };
  }
  if (offer === "noon" || offer === "norce") return onDemand(fate, offer, now, base, within);
  const life = fate === "renewing" ? SLOW_LIFE_MS : LIFE_MS[offer];
  const due = fate === "renewing" ? life / 2 : DUE_MS[offer];
  const lived = {
    renewal_late: within(3, 10.6 * DAY, 13 * DAY),
    expired_renewable: life + within(3, HOUR, 3 * DAY),
    refresh_failing: due + within(3, HOUR, 20 * HOUR),
    expiring_soon: life - within(3, 0.5 * DAY, 5 * DAY),
    pending: within(3, MINUTE, 2 * HOUR),
  }[fate as string];
  const issuedAt = now - (lived ?? within(3, 0, due * 0.88));
  const held: Times = { ...base, connectedAt: Math.min(connectedAt, issuedAt), issuedAt, expiresAt: issuedAt + life };
  if (fate === "pending") return { ...held, connectedAt: issuedAt, nextRefreshAt: now + within(4, MINUTE, HOUR), nextProofAt: null };
  // It has no renewal: it was given once, for so long.
  if (fate === "expiring_soon") return { ...held, connectedAt: issuedAt };
  // The platform's hourly limit: these wait for a turn.
  if (fate === "renewal_late") return { ...held, nextRefreshAt: now + within(4, 10 * MINUTE, 8 * HOUR) };
  if (fate === "healthy" || fate === "renewing")
    return { ...held, nextRefreshAt: Math.max(issuedAt + due * within(4, 0.9, 1), now + (fate === "healthy" ? 5 * MINUTE : 0)) };
  const firstFailureAt = issuedAt + due + within(4, 0, 30 * MINUTE);
  const failures = Math.max(2, Math.round((now - firstFailureAt) / HOUR));
  return {
    ...held,
    failures,
    firstFailureAt,
    troubleAt: now - within(5, MINUTE, 50 * MINUTE),
    nextRefreshAt: now + within(6, MINUTE, HOUR),
  };
}

/** Access is fetched when somebody asks for it, so none is held until then. */
function onDemand(
  fate: HealthState,
  offer: Slug,
  now: number,
  base: Times,
  within: (at: number, from: number, to: number) => number,
): Times {
  const longest = (offer === "noon" ? 6 * DAY : 16 * HOUR) - HOUR;
  const agoMs = fate === "unknown" ? within(3, longest + 12 * HOUR + DAY, longest + 5 * DAY) : within(3, MINUTE, longest);
  const end =
    fate === "expiring_soon"
      ? now + within(4, DAY, 13 * DAY)
      : offer === "noon" && within(5, 0, 1) < 0.3
        ? now + within(6, 60 * DAY, 300 * DAY)
        : null;
  const lastProofAt = now - agoMs;
  const connectedAt = Math.min(base.connectedAt, lastProofAt);
  return {
    ...base,
    connectedAt,
    issuedAt: lastProofAt,
    lastProofAt,
    renewableUntil: end,
    nextProofAt: now + within(7, 10 * MINUTE, 20 * HOUR),
  };
}
