const LOOPBACK = /^(127(\.\d{1,3}){3}|\[::1\]|localhost)$/;

/** The URL when an OAuth endpoint may live there: absolute https, or http on loopback where allowed; no fragment, no user name. */
export function endpoint(value: unknown, allowInsecure: boolean): string | null {
  if (typeof value !== "string" || !URL.canParse(value)) return null;
  const url = new URL(value);
  if (url.username !== "" || url.password !== "" || value.includes("#")) return null;
  if (url.protocol === "https:") return value;
  return allowInsecure && url.protocol === "http:" && LOOPBACK.test(url.hostname) ? value : null;
}
