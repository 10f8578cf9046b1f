export type Tone = "positive" | "info" | "warning" | "critical" | "neutral";

// Each tone differs by more than its colour: no border, dashed, solid, or a double-width one.
export const toneClass: Record<Tone, string> = {
  positive: "border border-transparent bg-positive-surface text-positive",
  info: "border border-dashed border-info bg-info-surface text-info",
  warning: "border border-warning bg-warning-surface text-warning",
  critical: "border-2 border-critical bg-critical-surface font-semibold text-critical",
  neutral: "border border-transparent bg-neutral-surface text-neutral",
};
