import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { SubmitButton } from "@/components/forms/submit-button";
import { TextField } from "@/components/forms/text-field";
import { isNotice, SignInNotice } from "@/components/sign-in/sign-in-notice";
import { returnPath } from "@/lib/auth/return-path";
import { currentActor } from "@/lib/auth/session";
import { env } from "@/lib/env";
import { mailWay } from "@/lib/mail/send-mail";
import { askForLinkAction } from "./actions";

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export async function generateMetadata(): Promise<Metadata> {
  // The only page that a search engine may show: who looks for this Latchkey finds its door, and nothing behind it.
  return { title: (await getTranslations("signIn"))("title"), robots: { index: true, follow: false } };
}

const PLACES = ["connections", "connect", "support", "health", "people"] as const;

export default async function SignInPage({ searchParams }: Props) {
  const query = await searchParams;
  const to = returnPath(query.to);
  // `fresh`: an act that wants to know once more who is there.
  const fresh = query.fresh !== undefined;
  if (!fresh && query.notice === undefined && (await currentActor())) redirect(to);
  const t = await getTranslations("signIn");
  const place = PLACES.find((name) => to.split(/[/?#]/)[1] === name) ?? "other";
  const notice = isNotice(query.notice) ? query.notice : null;
  const again = fresh || notice === "no_access";
  const provider = env().OIDC_ISSUER !== undefined;
  const mail = mailWay() !== null;
  const way = provider ? (mail ? "both" : "provider") : mail ? "mail" : "none";
  return (
    <div className="space-y-6">
      <h1 className="text-xl font-semibold">{t("title")}</h1>
      {notice && notice !== "email" && <SignInNotice notice={notice} />}
      <p className="text-muted">{t(`lead.${way}`)}</p>
      {to !== "/" && <p>{t(`comeBack.${place}`)}</p>}
      {provider && (
        <form method="post" action="/sign-in/provider">
          <input type="hidden" name="to" value={to} />
          {again && <input type="hidden" name="again" value="1" />}
          <SubmitButton tone="primary" className="w-full">
            {notice === "no_access" ? t("again") : t("provider")}
          </SubmitButton>
        </form>
      )}
      {provider && mail && (
        <p className="flex items-center gap-3 text-sm text-muted before:h-px before:grow before:bg-line after:h-px after:grow after:bg-line">
          {t("or")}
        </p>
      )}
      {mail && (
        <form action={askForLinkAction} className="space-y-4">
          <input type="hidden" name="to" value={to} />
          <TextField
            id="email"
            type="email"
            dir="ltr"
            autoComplete="email"
            inputMode="email"
            required
            maxLength={254}
            label={t("email")}
            hint={t("emailHint")}
            error={notice === "email" ? t("notice.email.text") : undefined}
          />
          <SubmitButton tone={provider ? "secondary" : "primary"} className="w-full">
            {t("send")}
          </SubmitButton>
        </form>
      )}
    </div>
  );
}
