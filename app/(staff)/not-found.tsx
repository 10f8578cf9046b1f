import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { PageReference } from "@/app/page-reference";
import { MessagePage } from "@/components/shell/message-page";
import { ButtonLink } from "@/components/ui/button-link";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("errors.notFound"))("title") };
}

// Stands inside the staff's frame, which has the page's landmarks.
export default async function NotFound() {
  const [t, staff] = await Promise.all([getTranslations("errors.notFound"), getTranslations("errors.forbidden")]);
  return (
    <div className="max-w-prose">
      <MessagePage
        title={t("title")}
        reference={<PageReference status={404} />}
        action={
          <ButtonLink href="/support" tone="primary">
            {staff("staffAction")}
          </ButtonLink>
        }
      >
        <p>{t("text")}</p>
      </MessagePage>
    </div>
  );
}
