import type { NextRequest } from "next/server";
import { failurePage, plainHeaders, refusalPage } from "@/app/api/oauth/answer-page";
import { connectBase } from "@/components/connect/connect-base";
import { linkOfRequest } from "@/lib/auth/connector";
import { currentActor } from "@/lib/auth/session";
import { flowCookie } from "@/lib/connections/browser-secret";
import { receiveAnswer } from "@/lib/connections/receive-answer";
import { env } from "@/lib/env";
import { withCorrelation } from "@/lib/log";

type Context = { params: Promise<{ provider: string }> };

/** Keeps what the platform sent back and leads to a clean address. Neither renders a page of the product nor exchanges anything. */
export async function GET(request: NextRequest, { params }: Context): Promise<Response> {
  const slug = (await params).provider;
  return withCorrelation(() => receive(request, slug).catch((error: unknown) => failurePage(request, error)));
}

async function receive(request: NextRequest, slug: string): Promise<Response> {
  const secure = env().LATCHKEY_URL.startsWith("https:");
  const cookie = (attemptId: string) => request.cookies.get(flowCookie(attemptId, secure))?.value;
  const received = await receiveAnswer(slug, request.nextUrl.searchParams, cookie, await currentActor(), linkOfRequest);
  if (received.kind === "stranger") return refusalPage(request, "stranger", 400);
  const headers = plainHeaders();
  const path =
    received.kind === "tried" ? `/providers/${slug}/try/${received.tryId}` : `${connectBase(received.linkId)}/result/${received.attemptId}`;
  headers.set("location", `${env().LATCHKEY_URL}${path}`);
  return new Response(null, { status: 303, headers });
}

/** Next would run GET for it, and a scanner's look must not spend the answer. */
export async function HEAD(): Promise<Response> {
  const headers = plainHeaders();
  headers.set("allow", "GET");
  return new Response(null, { status: 405, headers });
}
