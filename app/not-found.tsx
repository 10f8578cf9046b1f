import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { demoBanner } from "@/app/demo-banner";
import { PageReference } from "@/app/page-reference";
import { MessagePage } from "@/components/shell/message-page";
import { PlainFrame } from "@/components/shell/plain-frame";
import { ButtonLink } from "@/components/ui/button-link";
import { currentActor } from "@/lib/auth/session";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("errors.notFound"))("title") };
}

export default async function NotFound() {
  // A page that is not there is told without the database as well.
  const asker = currentActor().catch(() => null);
  const [t, staff, actor] = await Promise.all([getTranslations("errors.notFound"), getTranslations("errors.forbidden"), asker]);
  const isStaff = actor !== null && actor.role !== "merchant";
  return (
    <PlainFrame banner={demoBanner()}>
      <MessagePage
        title={t("title")}
        reference={<PageReference status={404} />}
        action={
          <ButtonLink href="/" tone="primary">
            {isStaff ? staff("staffAction") : t("action")}
          </ButtonLink>
        }
      >
        <p>{t("text")}</p>
      </MessagePage>
    </PlainFrame>
  );
}
