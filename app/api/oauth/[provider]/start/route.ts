import type { NextRequest } from "next/server";
import { failurePage, leavingPage, localeOf, plainHeaders, refusalPage } from "@/app/api/oauth/answer-page";
import { connectBase } from "@/components/connect/connect-base";
import { linkOfRequest } from "@/lib/auth/connector";
import { assertSameOrigin } from "@/lib/auth/origin";
import { authorize } from "@/lib/auth/permissions";
import { currentActor } from "@/lib/auth/session";
import { beginConsent, type Consent } from "@/lib/connections/begin-consent";
import { flowCookieLines } from "@/lib/connections/browser-secret";
import { env } from "@/lib/env";
import { AppError } from "@/lib/errors";
import { isLinkId } from "@/lib/links/link-id";
import { withCorrelation } from "@/lib/log";
import { beginTry } from "@/lib/offers/begin-try";

type Context = { params: Promise<{ provider: string }> };

/** `link`: whoever came by a connect link; `try`: an admin's dry run. */
const FIELDS = ["attemptId", "label", "connectionId", "merchantId", "link", "try"];

/** Starts a consent and answers our own page, which leads to the platform. */
export async function POST(request: NextRequest, { params }: Context): Promise<Response> {
  const slug = (await params).provider;
  return withCorrelation(async () => {
    const form = await readForm(request).catch((error: unknown) => failurePage(request, error, pageOf(slug)));
    if (form instanceof Response) return form;
    return start(request, slug, form).catch((error: unknown) => failurePage(request, error, pageOf(slug, form.link)));
  });
}

async function start(request: NextRequest, slug: string, fields: Record<string, string>): Promise<Response> {
  const { link, try: dry, ...form } = fields;
  if (link !== undefined) return startByLink(request, slug, link, form);
  const actor = await currentActor();
  if (!actor) return signIn(slug);
  authorize(actor, dry ? "providers.manage" : "connection.connect");
  const locale = localeOf(request);
  if (dry) {
    const begun = await beginTry(actor, slug, locale).catch((error: unknown) => failurePage(request, error, `/providers/${slug}`));
    return begun instanceof Response ? begun : leave(request, begun);
  }
  return leave(request, await beginConsent(actor, { ...form, offer: slug, locale }));
}

/** Who came by a link goes on as that, whoever else is signed in in that browser. */
async function startByLink(request: NextRequest, slug: string, link: string, form: Record<string, string>): Promise<Response> {
  const actor = isLinkId(link) ? await linkOfRequest(link) : null;
  if (!actor || actor.closed) return seeOther(isLinkId(link) ? `/by-link/${link}/closed` : "/");
  return leave(request, await beginConsent(actor, { ...form, offer: slug, locale: localeOf(request) }));
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
  await assertSameOrigin(request.headers);
  const form = await request.formData().catch(() => null);
  if (!form) throw new AppError("bad_form", 400);
  return Object.fromEntries(
    FIELDS.flatMap((name) => {
      const value = form.get(name);
      return typeof value === "string" && value !== "" ? [[name, value]] : [];
    }),
  );
}

const pageOf = (slug: string, link?: string) => `${connectBase(link && isLinkId(link) ? link : null)}/${encodeURIComponent(slug)}`;

const signIn = (slug: string): Response => seeOther(`/sign-in?${new URLSearchParams({ to: pageOf(slug), notice: "expired" })}`);

function seeOther(path: string): Response {
  const headers = plainHeaders();
  headers.set("location", `${env().LATCHKEY_URL}${path}`);
  return new Response(null, { status: 303, headers });
}

/** A link, a prefetch or a scanner must not start anything. */
async function refuse(request: NextRequest, { params }: Context): Promise<Response> {
  const response = refusalPage(request, "method", 405, pageOf((await params).provider));
  response.headers.set("allow", "POST");
  return response;
}

export { refuse as GET, refuse as HEAD };
