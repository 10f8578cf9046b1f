import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { firstAdminAction } from "@/app/sign-in/actions";
import { SubmitButton } from "@/components/forms/submit-button";
import { TextField } from "@/components/forms/text-field";
import { MessagePage } from "@/components/shell/message-page";
import { ButtonLink } from "@/components/ui/button-link";
import { emailAddress } from "@/lib/auth/email-address";
import { isFirstAdminToken } from "@/lib/auth/first-admin";

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("signIn.first"))("title") };
}

export default async function FirstAdminPage({ searchParams }: Props) {
  const t = await getTranslations("signIn.first");
  const { token, email, problem } = await searchParams;
  if (typeof token !== "string" || !(await isFirstAdminToken(token))) {
    return (
      <MessagePage
        title={t("dead.title")}
        action={
          <ButtonLink href="/sign-in" tone="primary">
            {t("dead.button")}
          </ButtonLink>
        }
      >
        <p>{t("dead.text")}</p>
      </MessagePage>
    );
  }
  return (
    <div className="space-y-6">
      <h1 className="text-xl font-semibold">{t("title")}</h1>
      <p className="text-muted">{t("text")}</p>
      <form action={firstAdminAction} className="space-y-4">
        <input type="hidden" name="token" value={token} />
        <TextField
          id="name"
          autoComplete="name"
          required
          maxLength={200}
          label={t("name")}
          error={problem === "name" ? t("problem.name") : undefined}
        />
        <TextField
          id="email"
          type="email"
          dir="ltr"
          autoComplete="email"
          required
          maxLength={254}
          defaultValue={emailAddress(email) ?? undefined}
          label={t("email")}
          hint={t("emailHint")}
          error={problem === "email" ? t("problem.email") : undefined}
        />
        <SubmitButton className="w-full">{t("button")}</SubmitButton>
      </form>
    </div>
  );
}
