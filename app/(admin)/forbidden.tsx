import type { Metadata } from "next";
import { getFormatter, getTranslations } from "next-intl/server";
import { PageReference } from "@/app/page-reference";
import { MessagePage } from "@/components/shell/message-page";
import { ButtonLink } from "@/components/ui/button-link";
import { requireActor } from "@/lib/auth/session";
import { nameAdmins } from "@/lib/people/name-admins";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("errors.forbidden"))("title") };
}

export default async function AdminsOnly() {
  const [t, shell, format] = await Promise.all([getTranslations("errors.forbidden"), getTranslations("shell.role"), getFormatter()]);
  const actor = await requireActor("support.search");
  const admins = await nameAdmins(actor);
  return (
    <div className="max-w-prose">
      <MessagePage
        title={t("title")}
        reference={<PageReference status={403} />}
        action={
          <ButtonLink href="/support" tone="primary">
            {t("staffAction")}
          </ButtonLink>
        }
      >
        <p>{t("needs", { role: shell("admin"), yours: shell(actor.role) })}</p>
        <p>{t("who", { count: admins.length, names: format.list(admins) })}</p>
      </MessagePage>
    </div>
  );
}
