import type { UserActor } from "@/lib/auth/actor";

export type Merchant = { actor: UserActor; slug: string; store?: string; values?: Record<string, string> };
export type Orders = { merchants: Merchant[]; trace: string; mutant: string | null; crash: Crash | null };
/** Where a process kills itself: the first time that one of its merchants gets there. */
export type Crash = { who: string; point: string };
export type Flow = "connect" | "renew" | "revoke";
export type Settled = { active: number; broken: string[]; failed?: string };
export type Told = "settle" | "work" | { flow: Flow; merchant: number };
/** What a piece of work passed, or what a platform told it: the last line of each tells where a kill met it. */
export type TraceLine = { who: string; point?: string; path?: string; heard?: string };
