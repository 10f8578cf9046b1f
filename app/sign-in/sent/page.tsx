import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { MessagePage } from "@/components/shell/message-page";
import { ButtonLink } from "@/components/ui/button-link";
import { returnPath } from "@/lib/auth/return-path";
import { mailWay } from "@/lib/mail/send-mail";

type Props = { searchParams: Promise<{ to?: string }> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("signIn.sent"))("title") };
}

/** The same for every address, known or not. */
export default async function SentPage({ searchParams }: Props) {
  const t = await getTranslations("signIn.sent");
  const query = new URLSearchParams({ to: returnPath((await searchParams).to) });
  return (
    <MessagePage title={t("title")} action={<ButtonLink href={`/sign-in?${query}`}>{t("back")}</ButtonLink>}>
      <p>{t("text")}</p>
      <p>{mailWay() === "print" ? t("printed") : t("missing")}</p>
    </MessagePage>
  );
}
