const TEN_YEARS_S = 10 * 365 * 86_400;

/** The `Cookie` header that a login's `Set-Cookie` headers add up to, and the earliest end they name (null: none named); null without any cookie. */
export function sessionCookies(response: Response, now: Date): { cookie: string; expiresAt: Date | null } | null {
  const pairs = new Map<string, string>();
  const ends: number[] = [];
  for (const line of response.headers.getSetCookie()) {
    const [pair = "", ...attributes] = line.split(";").map((part) => part.trim());
    const cut = pair.indexOf("=");
    const end = endOf(attributes, now);
    if (cut < 1 || cut === pair.length - 1 || !/^[\x21-\x7e]+$/.test(pair) || (end !== null && end <= now.getTime())) continue;
    pairs.set(pair.slice(0, cut), pair.slice(cut + 1));
    if (end !== null) ends.push(end);
  }
  if (pairs.size === 0) return null;
  const cookie = [...pairs].map(([name, value]) => `${name}=${value}`).join("; ");
  return { cookie, expiresAt: ends.length === 0 ? null : new Date(Math.min(...ends)) };
}

/** RFC 6265 section 5.3: Max-Age wins over Expires; what cannot be read names no end. */
function endOf(attributes: readonly string[], now: Date): number | null {
  const value = (name: string) => attributes.find((one) => one.toLowerCase().startsWith(`${name}=`))?.slice(name.length + 1);
  const maxAge = value("max-age");
  if (maxAge !== undefined && /^-?\d+$/.test(maxAge)) return now.getTime() + Math.min(Number(maxAge), TEN_YEARS_S) * 1000;
  const expires = Date.parse(value("expires") ?? "");
  return Number.isNaN(expires) ? null : Math.min(expires, now.getTime() + TEN_YEARS_S * 1000);
}
