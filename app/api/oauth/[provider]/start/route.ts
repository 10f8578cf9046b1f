import type { NextRequest } from "next/server";
import { failurePage, leavingPage, localeOf, plainHeaders, refusalPage } from "@/app/api/oauth/answer-page";
import { assertSameOrigin } from "@/lib/auth/origin";
import { authorize } from "@/lib/auth/permissions";
import { currentActor } from "@/lib/auth/session";
import { beginConsent, type Consent } from "@/lib/connections/begin-consent";
import { flowCookieLines } from "@/lib/connections/browser-secret";
import { env } from "@/lib/env";
import { AppError } from "@/lib/errors";
import { withCorrelation } from "@/lib/log";
import { beginTry } from "@/lib/offers/begin-try";

type Context = { params: Promise<{ provider: string }> };

/** `try`: an admin's dry run. */
const FIELDS = ["attemptId", "label", "connectionId", "merchantId", "try"];

/** Starts a consent and answers our own page, which leads to the platform. */
export async function POST(request: NextRequest, { params }: Context): Promise<Response> {
  const slug = (await params).provider;
  return withCorrelation(() => start(request, slug).catch((error: unknown) => failurePage(request, error, pageOf(slug))));
}

async function start(request: NextRequest, slug: string): Promise<Response> {
  await assertSameOrigin(request.headers);
  const actor = await currentActor();
  if (!actor) return signIn(slug);
  const { try: dry, ...form } = await readForm(request);
  authorize(actor, dry ? "providers.manage" : "connection.connect");
  const locale = localeOf(request);
  if (dry) {
    const begun = await beginTry(actor, slug, locale).catch((error: unknown) => failurePage(request, error, `/providers/${slug}`));
    return begun instanceof Response ? begun : leave(request, begun);
  }
  return leave(request, await beginConsent(actor, { ...form, offer: slug, locale }));
}

/** Our own page between the form and the platform, with the cookie that must come back. */
function leave(request: NextRequest, consent: Consent): Response {
  const response = leavingPage(request, consent);
  const secure = env().LATCHKEY_URL.startsWith("https:");
  const present = request.cookies.getAll().map(({ name }) => name);
  for (const line of flowCookieLines(consent.attemptId, consent.browserSecret, secure, present))
    response.headers.append("set-cookie", line);
  return response;
}

async function readForm(request: NextRequest): Promise<Record<string, string>> {
  const form = await request.formData().catch(() => null);
  if (!form) throw new AppError("bad_form", 400);
  return Object.fromEntries(
    FIELDS.flatMap((name) => {
      const value = form.get(name);
      return typeof value === "string" && value !== "" ? [[name, value]] : [];
    }),
  );
}

const pageOf = (slug: string) => `/connect/${encodeURIComponent(slug)}`;

function signIn(slug: string): Response {
  const headers = plainHeaders();
  headers.set("location", `${env().LATCHKEY_URL}/sign-in?${new URLSearchParams({ to: pageOf(slug), notice: "expired" })}`);
  return new Response(null, { status: 303, headers });
}

/** A link, a prefetch or a scanner must not start anything. */
async function refuse(request: NextRequest, { params }: Context): Promise<Response> {
  const response = refusalPage(request, "method", 405, pageOf((await params).provider));
  response.headers.set("allow", "POST");
  return response;
}

export { refuse as GET, refuse as HEAD };
