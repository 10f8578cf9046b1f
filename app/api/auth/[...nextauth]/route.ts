import type { NextRequest } from "next/server";
import { receiveMailedLink, receiveProviderAnswer } from "@/lib/auth/receive-sign-in";

type Context = { params: Promise<{ nextauth: string[] }> };

async function receive(request: NextRequest, { params }: Context): Promise<Response> {
  const path = (await params).nextauth.join("/");
  if (path === "callback/oidc") return receiveProviderAnswer(request);
  if (path === "callback/email") return receiveMailedLink(request);
  return new Response(null, { status: 404, headers: { "cache-control": "no-store" } });
}

export { receive as GET, receive as HEAD, receive as POST };
