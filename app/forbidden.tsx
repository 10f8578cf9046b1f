import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { demoBanner } from "@/app/demo-banner";
import { PageReference } from "@/app/page-reference";
import { MessagePage } from "@/components/shell/message-page";
import { PlainFrame } from "@/components/shell/plain-frame";
import { ButtonLink } from "@/components/ui/button-link";
import { currentActor } from "@/lib/auth/session";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("errors.forbidden"))("title") };
}

// Merchants meet it at the staff's pages and staff at the merchants'; what admins alone may see is refused inside the staff's frame.
export default async function Forbidden() {
  const [t, shell, actor] = await Promise.all([getTranslations("errors.forbidden"), getTranslations("shell.role"), currentActor()]);
  const staff = actor !== null && actor.role !== "merchant";
  return (
    <PlainFrame banner={demoBanner()}>
      <MessagePage
        title={t("title")}
        reference={<PageReference status={403} />}
        action={
          <ButtonLink href="/" tone="primary">
            {t(staff ? "staffAction" : "action")}
          </ButtonLink>
        }
      >
        {actor ? (
          <>
            <p>
              {staff ? t("needs", { role: shell("merchant"), yours: shell(actor.role) }) : t("needsStaff", { yours: shell("merchant") })}
            </p>
            <p>{t(staff ? "askMerchant" : "askCompany")}</p>
          </>
        ) : (
          <p>{t("text")}</p>
        )}
      </MessagePage>
    </PlainFrame>
  );
}
