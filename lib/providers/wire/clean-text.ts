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

const LONG_WORD = /[\w+/=~%-]{16,}/g;
/** No long word that people say to each other has a digit or a change of case in it. */
const CREDENTIAL = /\d|[a-z][A-Z]/;

/** A platform's words that are meant for people, without what may be a credential: some quote what they were sent. */
export function textForPeople(value: unknown): string | null {
  return cleanText(typeof value === "string" ? value.replace(LONG_WORD, (word) => (CREDENTIAL.test(word) ? "…" : word)) : null);
}
