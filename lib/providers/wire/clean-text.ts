/** Platform text fit for a page and a text column: no control characters, no lone surrogates, no direction overrides, capped. */
export function cleanText(value: unknown, maxLength = 200): string | null {
  if (typeof value !== "string") return null;
  const text = value
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cn}\uFFFD]+/gu, " ")
    .replace(/\s+/g, " ")
    .trim();
  return text === "" ? null : text.slice(0, maxLength).toWellFormed();
}
