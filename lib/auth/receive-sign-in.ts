import { NextRequest } from "next/server";
import { database } from "@/db/client";
import { deleteSession } from "@/db/sessions";
import { env } from "@/lib/env";
import { handlers } from "./next-auth";
import { isSameOrigin } from "./origin";
import { returnPath } from "./return-path";
import { sessionCookie } from "./session-cookie";
import { hashToken } from "./session-token";

const HEADERS = { "cache-control": "no-store", "referrer-policy": "no-referrer" };
const refuse = (status: number, allow?: string) => new Response(null, { status, headers: { ...HEADERS, ...(allow ? { allow } : {}) } });

/** The return from the identity provider. The rest of next-auth's own pages and endpoints is not offered. */
export async function receiveProviderAnswer(request: NextRequest): Promise<Response> {
  // Next calls a GET handler for HEAD too, and a scanner's look must not spend the answer.
  if (request.method !== "GET") return refuse(405, "GET");
  return answer(request, request.nextUrl.searchParams, await handlers.GET(withoutSession(request, request.nextUrl, "GET")));
}

/** A mailed link's button. Only this POST spends the link: previews and mail scanners ask with GET. */
export async function receiveMailedLink(request: NextRequest): Promise<Response> {
  if (request.method !== "POST") return refuse(405, "POST");
  if (!isSameOrigin(request.headers)) return refuse(403);
  const form = await request.formData();
  const field = (name: string) => String(form.get(name) ?? "");
  const url = new URL("/api/auth/callback/email", env().LATCHKEY_URL);
  url.search = new URLSearchParams({ email: field("email"), token: field("token"), callbackUrl: returnPath(field("to")) }).toString();
  if (!field("email") || !field("token"))
    return answer(request, url.searchParams, Response.redirect(`${url.origin}/sign-in?error=Verification`));
  return answer(request, url.searchParams, await handlers.POST(withoutSession(request, url, "POST")));
}

/** Without the session's cookie next-auth neither keeps an old session nor links the newcomer to whoever was signed in here. */
function withoutSession(request: NextRequest, url: URL, method: string): NextRequest {
  const headers = new Headers(request.headers);
  for (const name of ["content-type", "content-length"]) headers.delete(name);
  const own = sessionCookie().name;
  const kept = request.cookies.getAll().filter(({ name }) => !name.startsWith(own));
  headers.set("cookie", kept.map(({ name, value }) => `${name}=${encodeURIComponent(value)}`).join("; "));
  return new NextRequest(url, { method, headers });
}

async function answer(request: NextRequest, query: URLSearchParams, from: Response): Promise<Response> {
  const cookies = from.headers.getSetCookie();
  const { name } = sessionCookie();
  const before = request.cookies.get(name)?.value;
  if (before && cookies.some((cookie) => cookie.startsWith(`${name}=`))) await deleteSession(database(), hashToken(before));
  const location = destination(
    from,
    query.get("callbackUrl") ?? request.cookies.getAll().find((cookie) => cookie.name.endsWith("authjs.callback-url"))?.value,
  );
  const headers = new Headers({ ...HEADERS, location });
  for (const cookie of cookies) headers.append("set-cookie", cookie);
  return new Response(null, { status: 303, headers });
}

const NOTICES: Record<string, string> = { Verification: "link_used", AccessDenied: "no_access" };

/** Where next-auth sends the browser, with its error names told in ours and the destination kept. */
function destination(from: Response, wanted: string | undefined): string {
  const base = env().LATCHKEY_URL;
  const url = URL.parse(from.headers.get("location") ?? "", base);
  if (!url || url.origin !== base) return `${base}/sign-in?notice=provider`;
  if (url.pathname !== "/sign-in") return url.href;
  const error = url.searchParams.get("error");
  if (error) url.search = new URLSearchParams({ notice: NOTICES[error] ?? "provider" }).toString();
  const to = returnPath(wanted?.replace(base, ""));
  if (to !== "/") url.searchParams.set("to", to);
  return url.href;
}
