import { randomBytes } from "node:crypto";
import type { NextRequest } from "next/server";
import { createTranslator } from "next-intl";
import { continuePage } from "@/components/connect/continue-page";
import { staticPage } from "@/components/connect/static-page";
import { env } from "@/lib/env";
import { failureOf } from "@/lib/failure";
import { intlTag, localeCookie, negotiateLocale } from "@/lib/locale";
import { correlationId, log } from "@/lib/log";
import { messagesFor } from "@/lib/messages/messages-for";
import { isTheme, themeCookie } from "@/lib/theme";

type Kind = "stranger" | "notAllowed" | "notHere" | "badForm" | "method" | "down" | "unreachable" | "paused" | "linkOver" | "broken";

const kinds: Record<string, Kind> = {
  forbidden: "notAllowed",
  not_found: "notHere",
  bad_form: "badForm",
  platform_unreachable: "unreachable",
  platform_paused: "paused",
  link_over: "linkOver",
  database_down: "down",
};

/** Headers of an answer that may stand at an address with a code in it. proxy.ts does not run for /api. */
export function plainHeaders(nonce?: string): Headers {
  const source = nonce ? `; style-src 'nonce-${nonce}'; img-src 'self'` : "";
  return new Headers({
    "cache-control": "no-store",
    "content-security-policy": `default-src 'none'${source}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
  });
}

export function localeOf(request: NextRequest) {
  return negotiateLocale(request.cookies.get(localeCookie)?.value, request.headers.get("accept-language"));
}

function frame(request: NextRequest) {
  const locale = localeOf(request);
  const theme = request.cookies.get(themeCookie)?.value;
  const t = createTranslator({ locale: intlTag(locale), messages: messagesFor(locale) });
  const nonce = randomBytes(18).toString("base64");
  const demo = env().LATCHKEY_DEMO ? { demo: { label: t("shell.demo.label"), text: t("shell.demo.text") } } : {};
  return { t, page: { locale, theme: isTheme(theme) ? theme : ("system" as const), nonce, product: t("shell.product"), ...demo } };
}

function answer(html: string, status: number, nonce: string): Response {
  const headers = plainHeaders(nonce);
  headers.set("content-type", "text/html; charset=utf-8");
  return new Response(html, { status, headers });
}

/** The page of ours between our form and the platform. */
export function leavingPage(request: NextRequest, destination: { url: string; host: string }): Response {
  const { t, page } = frame(request);
  // An isolate keeps the host whole in an Arabic line, in the title too.
  const host = `\u2066${destination.host}\u2069`;
  const texts = {
    title: t("connect.leave.title", { host }),
    paragraphs: [t("connect.leave.text", { host })],
    button: t("connect.leave.button", { host }),
  };
  return answer(continuePage({ ...page, ...texts, url: destination.url }), 200, page.nonce);
}

/** Says what happened and leads back to where one can start; holds nothing of the request but its language. */
export function refusalPage(request: NextRequest, kind: Kind, status: number, href = "/connect"): Response {
  const { t, page } = frame(request);
  const reference = kind === "broken" || kind === "down" ? `${t("copy.reference")}: ${correlationId()}` : undefined;
  const paragraphs = [t(`connect.answer.${kind}.text`)];
  return answer(
    staticPage({
      ...page,
      title: t(`connect.answer.${kind}.title`),
      paragraphs,
      action: { label: t(`connect.answer.${kind}.action`), href },
      reference,
    }),
    status,
    page.nonce,
  );
}

export function failurePage(request: NextRequest, error: unknown, href?: string): Response {
  const failure = failureOf(error);
  if (failure.kind !== "expected") log.error("answer_failed", error, { status: failure.status });
  return refusalPage(request, kinds[failure.code] ?? "broken", failure.status, href);
}
