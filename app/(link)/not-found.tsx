import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { PageReference } from "@/app/page-reference";
import { MessagePage } from "@/components/shell/message-page";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("errors.notFound"))("title") };
}

// A link that is not known looks like any address that leads nowhere.
export default async function NotFound() {
  const [t, link] = await Promise.all([getTranslations("errors.notFound"), getTranslations("link")]);
  return (
    <MessagePage title={t("title")} reference={<PageReference status={404} />} action={null}>
      <p>{link("unknown")}</p>
    </MessagePage>
  );
}
