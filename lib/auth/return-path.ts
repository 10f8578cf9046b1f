/** Where a person may be sent back to: a path on this host, as text that every browser reads the same way. */
export function returnPath(asked: unknown, fallback = "/"): string {
  if (typeof asked !== "string" || asked.length > 2_000) return fallback;
  // Browsers drop tabs and line breaks and read a backslash as a slash, so a path with either is not what it looks like.
  if (!/^\/(?!\/|%2f|%5c)[\x21-\x7e]*$/i.test(asked) || asked.includes("\\")) return fallback;
  const parsed = URL.parse(asked, "http://latchkey.invalid");
  if (parsed?.host !== "latchkey.invalid" || parsed.pathname.startsWith("//")) return fallback;
  return parsed.pathname.startsWith("/sign-in") ? fallback : asked;
}
