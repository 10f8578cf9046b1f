/** A member that should be a word or a number, as text; empty for all else: asking an object for its text may throw. */
export function word(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}
