import type { UserActor } from "./actor";

const HOUR_S = 3_600;
const DAY_S = 24 * HOUR_S;

/**
 * How long a session lives, in seconds, by the role that its person has now. Idle: without a request; absolute: since signing in.
 * Merchants come back every few days and hold one merchant's stores; staff reach everybody's, so they sign in every working day.
 */
export const sessionLifetimes: Record<UserActor["role"], { idleS: number; absoluteS: number }> = {
  merchant: { idleS: 14 * DAY_S, absoluteS: 30 * DAY_S },
  support: { idleS: 12 * HOUR_S, absoluteS: DAY_S },
  admin: { idleS: 12 * HOUR_S, absoluteS: DAY_S },
};

/** What the row and the cookie are given: the longest of all, since the role is judged on every request. */
export const longestSessionS = Math.max(...Object.values(sessionLifetimes).map((lifetime) => lifetime.absoluteS));
