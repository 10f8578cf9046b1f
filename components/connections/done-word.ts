import type { Tone } from "@/components/ui/tone";
import type { RenewResult } from "@/lib/connections/renew";
import type { TestResult } from "@/lib/connections/test-connection";

/** What came of "test" or "renew", small enough for an address: told once, on the page that follows. */
export const doneTones = {
  works: "positive",
  renewed: "positive",
  unproved: "neutral",
  cannot: "neutral",
  busy: "info",
  not_now: "info",
  failed_platform: "warning",
  failed_ours: "warning",
  failed_reconnect: "critical",
} as const satisfies Record<string, Tone>;

export type DoneWord = keyof typeof doneTones;

export function doneQuery(result: TestResult | RenewResult): string {
  if (result.kind === "not_now") return `?done=not_now&wait=${Math.ceil(result.retryAfterS)}`;
  return `?done=${wordOf(result)}`;
}

function wordOf(result: Exclude<TestResult | RenewResult, { kind: "not_now" }>): DoneWord {
  if (result.kind === "works") return result.unproved ? "unproved" : "works";
  if (result.kind !== "failed") return result.kind;
  if (result.trouble === "operator") return "failed_ours";
  return result.trouble === "reconnect" || result.trouble === "declined" ? "failed_reconnect" : "failed_platform";
}

type Query = Record<string, string | string[] | undefined>;

/** Null: the address tells of nothing, or of nothing that we know. */
export function readDone({ done, wait }: Query): { word: DoneWord; waitS: number } | null {
  if (typeof done !== "string" || !Object.hasOwn(doneTones, done)) return null;
  const waitS = Number(wait);
  return { word: done as DoneWord, waitS: Number.isInteger(waitS) && waitS > 0 && waitS <= 86_400 ? waitS : 1 };
}
