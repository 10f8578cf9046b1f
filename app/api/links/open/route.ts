import type { NextRequest } from "next/server";
import { failurePage } from "@/app/api/oauth/answer-page";
import { assertSameOrigin } from "@/lib/auth/origin";
import { env } from "@/lib/env";
import { linkCookie, linkCookieLines } from "@/lib/links/link-cookie";
import { openLink } from "@/lib/links/open-link";
import { isLocale, localeCookie } from "@/lib/locale";
import { withCorrelation } from "@/lib/log";

/** The button on a link's page: gives the link to this browser and leads on, to an address without its token. */
export async function POST(request: NextRequest): Promise<Response> {
  return withCorrelation(() => open(request).catch((error: unknown) => failurePage(request, error, "/")));
}

async function open(request: NextRequest): Promise<Response> {
  await assertSameOrigin(request.headers);
  const token = String((await request.formData().catch(() => null))?.get("token") ?? "");
  const secure = env().LATCHKEY_URL.startsWith("https:");
  const opened = await openLink(token, (id) => request.cookies.get(linkCookie(id, secure))?.value);
  const headers = new Headers({ "cache-control": "no-store" });
  // Its page says why not.
  headers.set("location", opened?.path ?? `/link/${encodeURIComponent(token)}`);
  if (opened?.secret) {
    const present = request.cookies.getAll().map(({ name }) => name);
    for (const line of linkCookieLines(opened.id, opened.secret, opened.expiresAt, secure, present)) headers.append("set-cookie", line);
  }
  // What follows is answered in parts of the product that do not know the link.
  if (opened && isLocale(opened.locale) && !request.cookies.has(localeCookie))
    headers.append("set-cookie", `${localeCookie}=${opened.locale}; Path=/; Max-Age=31536000; SameSite=Lax`);
  return new Response(null, { status: 303, headers });
}
