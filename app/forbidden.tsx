import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { demoBanner } from "@/app/demo-banner";
import { MessagePage } from "@/components/shell/message-page";
import { PlainFrame } from "@/components/shell/plain-frame";
import { ButtonLink } from "@/components/ui/button-link";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("errors.forbidden"))("title") };
}

export default async function Forbidden() {
  const t = await getTranslations("errors.forbidden");
  return (
    <PlainFrame banner={demoBanner()}>
      <MessagePage
        title={t("title")}
        action={
          <ButtonLink href="/" tone="primary">
            {t("action")}
          </ButtonLink>
        }
      >
        <p>{t("text")}</p>
      </MessagePage>
    </PlainFrame>
  );
}
