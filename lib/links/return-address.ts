import { env } from "@/lib/env";

/** Where a person goes back to: an address of an origin that is allowed here. Null: it is none. */
export function returnAddress(text: string): URL | null {
  const url = URL.parse(text);
  if (!url || url.username || url.password || text.length > 2_000) return null;
  // A blob: has the origin of the page that made it.
  if (url.protocol !== "https:" && url.protocol !== "http:") return null;
  return env().LATCHKEY_RETURN_ORIGINS.includes(url.origin) ? url : null;
}

/** How it went, as the company's own page is told. */
export type ReturnStatus = "connected" | "denied" | "failed";

/** The way back with how it went; no secrets. Null: there is none, or its origin is not allowed any more. */
export function wayBack(
  returnUrl: string | null,
  status: ReturnStatus,
  connectionId: string | null,
): { href: string; host: string } | null {
  const url = returnUrl === null ? null : returnAddress(returnUrl);
  if (!url) return null;
  url.searchParams.set("status", status);
  url.searchParams.delete("connection");
  if (connectionId !== null) url.searchParams.set("connection", connectionId);
  return { href: url.href, host: url.host };
}
