import { everyKind } from "@/lib/alerts/alert-kinds";

const PROBLEMS = ["email", "url", "already_there", "threshold", "input", "not_found", "on_its_way"] as const;
const DONE = ["saved", "removed", "switched_on", "delivered", "waiting", "undelivered"] as const;

/** What stood against an act, as the page has a sentence for it. */
export const problemOf = (code: unknown): (typeof PROBLEMS)[number] => PROBLEMS.find((name) => name === code) ?? "input";

export const doneOf = (word: unknown): (typeof DONE)[number] | undefined => DONE.find((name) => name === word);

/** How a message stands after its first try. */
export function sentWord(status: "pending" | "delivered" | "failed" | "dropped"): "delivered" | "waiting" | "undelivered" {
  return status === "delivered" ? "delivered" : status === "pending" ? "waiting" : "undelivered";
}

/** What a destination's form says of each rule. */
export function rulesOf(form: FormData): Record<string, { enabled: boolean; threshold?: string; windowMinutes?: string }> {
  const each = everyKind.map((kind) => {
    const threshold = form.get(`threshold-${kind}`);
    const windowMinutes = form.get(`window-${kind}`);
    return [
      kind,
      {
        enabled: form.has(`enabled-${kind}`),
        ...(typeof threshold === "string" && { threshold }),
        ...(typeof windowMinutes === "string" && { windowMinutes }),
      },
    ] as const;
  });
  return Object.fromEntries(each);
}
