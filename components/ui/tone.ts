export type Tone = "positive" | "info" | "warning" | "critical" | "neutral";

// Each tone differs by more than its colour: no border, dashed, solid, or a double-width one.
export const toneClass: Record<Tone, string> = {
  positive: "tone-positive",
  info: "tone-info",
  warning: "tone-warning",
  critical: "tone-critical",
  neutral: "tone-neutral",
};
