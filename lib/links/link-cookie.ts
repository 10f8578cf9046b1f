/** The cookie that a link's browser keeps; `__Host-` wherever the address is https. */
export const linkCookie = (id: string, secure: boolean): string => `${secure ? "__Host-" : ""}latchkey.link.${id}`;

/** More at once would only swell every request's headers. */
const MOST = 8;
/** What came of a link can still be read for so long after its end. */
const AFTERWARDS_S = 86_400;

/** Set-Cookie lines for the browser that a link belongs to; `present` are the names of the cookies that it sent, oldest first. */
export function linkCookieLines(id: string, secret: string, expiresAt: Date, secure: boolean, present: readonly string[]): string[] {
  const attributes = `Path=/; HttpOnly; SameSite=Lax${secure ? "; Secure" : ""}`;
  const own = linkCookie(id, secure);
  const others = present.filter((name) => name.startsWith(linkCookie("", secure)) && name !== own);
  const surplus = others.slice(0, Math.max(0, others.length - MOST + 1));
  const lifeS = Math.max(0, Math.round((expiresAt.getTime() - Date.now()) / 1000)) + AFTERWARDS_S;
  return [`${own}=${secret}; Max-Age=${lifeS}; ${attributes}`, ...surplus.map((name) => `${name}=; Max-Age=0; ${attributes}`)];
}
