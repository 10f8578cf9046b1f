import { type NextRequest, NextResponse } from "next/server";
import { env } from "@/lib/env";

// Headers only: who may see what is decided by the pages and verbs themselves, never here.
export function proxy(request: NextRequest): NextResponse {
  const nonce = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(18))));
  const policy = contentSecurityPolicy(nonce);

  // Next reads the nonce from the request's policy and puts it on every script and style it writes.
  const inbound = new Headers(request.headers);
  inbound.set("x-nonce", nonce);
  inbound.set("content-security-policy", policy);
  // A page does not know its own address, and somebody who must sign in first wants to come back to it.
  inbound.set("x-latchkey-path", request.nextUrl.pathname + request.nextUrl.search);

  const response = NextResponse.next({ request: { headers: inbound } });
  response.headers.set("content-security-policy", policy);
  response.headers.set("cache-control", "no-store");
  // Also when the reverse proxy in front forgets to say that the visitor came over TLS.
  if (env().LATCHKEY_URL.startsWith("https:")) response.headers.set("strict-transport-security", "max-age=63072000; includeSubDomains");
  return response;
}

// Route handlers under /api set headers of their own; files need none of these. next.config.mjs has the rest.
export const config = {
  matcher: "/((?!api/|_next/static/|_next/image|providers/[\\w-]+\\.svg$|fonts/[\\w.-]+\\.woff2$|icon.svg|apple-icon.png|favicon.ico).*)",
};

function contentSecurityPolicy(nonce: string): string {
  // React rebuilds server stacks with eval in development, and the error overlay writes its own styles.
  const development = process.env.NODE_ENV === "development";
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ""}`,
    `style-src 'self' ${development ? "'unsafe-inline'" : `'nonce-${nonce}'`}`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
}
