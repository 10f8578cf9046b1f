const DAY_S = 86_400;

/** Seconds from a Retry-After header in either form (RFC 9110 section 10.2.3), at least 1 s and at most a day. */
export function retryAfterS(response: Pick<Response, "headers">, now: Date): number | undefined {
  const value = response.headers.get("retry-after")?.trim();
  if (!value) return undefined;
  const seconds = /^\d+$/.test(value) ? Number(value) : Math.ceil((Date.parse(value) - now.getTime()) / 1000);
  return Number.isFinite(seconds) ? Math.min(Math.max(seconds, 1), DAY_S) : undefined;
}
