import { createHash, randomBytes } from "node:crypto";

/** 256 random bits for a state, a verifier (RFC 7636 section 4.1) or a browser's cookie. */
export const randomSecret = (): string => randomBytes(32).toString("base64url");

export const sha256 = (text: string): string => createHash("sha256").update(text).digest("base64url");

/** The cookie that binds an attempt to its browser; `__Host-` wherever the address is https. */
export const flowCookie = (attemptId: string, secure: boolean): string => `${secure ? "__Host-" : ""}latchkey.flow.${attemptId}`;

/** Longer than an attempt lives, so that a late return still finds its own result page instead of a stranger's. */
const LIFE_S = 3_600;
/** More at once would only swell every request's headers. */
const MOST = 12;

/** Set-Cookie lines for a browser that starts `attemptId`; `present` are the names of the cookies that it sent, oldest first. */
export function flowCookieLines(attemptId: string, secret: string, secure: boolean, present: readonly string[]): string[] {
  const attributes = `Path=/; HttpOnly; SameSite=Lax${secure ? "; Secure" : ""}`;
  const own = flowCookie(attemptId, secure);
  const others = present.filter((name) => name.startsWith(flowCookie("", secure)) && name !== own);
  const surplus = others.slice(0, Math.max(0, others.length - MOST + 1));
  return [`${own}=${secret}; Max-Age=${LIFE_S}; ${attributes}`, ...surplus.map((name) => `${name}=; Max-Age=0; ${attributes}`)];
}
