import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { PageReference } from "@/app/page-reference";
import { MessagePage } from "@/components/shell/message-page";
import { ButtonLink } from "@/components/ui/button-link";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("errors.notFound"))("title") };
}

// Stands inside the merchant's frame, which has the page's landmarks.
export default async function NotFound() {
  const t = await getTranslations("errors.notFound");
  return (
    <div className="mx-auto max-w-prose sm:pt-10">
      <MessagePage
        title={t("title")}
        reference={<PageReference status={404} />}
        action={
          <ButtonLink href="/connections" tone="primary">
            {t("action")}
          </ButtonLink>
        }
      >
        <p>{t("text")}</p>
      </MessagePage>
    </div>
  );
}
