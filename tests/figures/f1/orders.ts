import type { UserActor } from "@/lib/auth/actor";

export type Merchant = { actor: UserActor; slug: string; store?: string; values?: Record<string, string> };
export type Orders = { merchants: Merchant[]; trace: string; mutant: string | null };
export type Settled = { active: number; broken: string[]; failed?: string };
/** What a piece of work passed, or what a platform told it: the last line of each tells where a kill met it. */
export type TraceLine = { who: string; point?: string; path?: string; heard?: string };
