import { headers } from "next/headers";
import { forbidden as forbiddenPage } from "next/navigation";
import { env } from "@/lib/env";
import { forbidden } from "@/lib/errors";

/**
 * Whether a POST comes from a page of ours. Compared with the configured origin, never with a Host header, which a proxy may forge.
 * Without an Origin only the browser's own word (Sec-Fetch-Site) counts; a request with neither is refused.
 */
export function isSameOrigin(request: Headers): boolean {
  const origin = request.get("origin");
  if (origin !== null) return origin === new URL(env().LATCHKEY_URL).origin;
  return request.get("sec-fetch-site") === "same-origin";
}

/**
 * The first line of every server action, where a refusal is Next's (403, or 404 to a form without a script), and, given its headers,
 * of every POST handler, where it is thrown as AppError 403.
 */
export async function assertSameOrigin(request?: Headers): Promise<void> {
  if (isSameOrigin(request ?? (await headers()))) return;
  if (request) throw forbidden();
  forbiddenPage();
}
