import { useTranslations } from "next-intl";
import { Card } from "@/components/ui/card";
import type { Locale } from "@/lib/locale";
import { type Added, AddForm } from "./add-form";
import { useSecretTexts } from "./secret-texts";

type Props = { action: (before: Added, form: FormData) => Promise<Added>; locale: Locale };

// Where somebody else is to be told.
export function AddDestination({ action, locale }: Props) {
  const t = useTranslations("alerts.add");
  const form = useTranslations("form");
  const secret = useSecretTexts();
  return (
    <Card aria-labelledby="add-title">
      <h2 id="add-title" className="text-lg font-semibold">
        {t("title")}
      </h2>
      <p className="mt-1 mb-4 text-muted">{t("text")}</p>
      <AddForm
        action={action}
        locale={locale}
        texts={{
          problem: form("problem"),
          kind: t("kind"),
          address: t("address"),
          addressHint: t("addressHint"),
          language: t("language"),
          submit: t("submit"),
          secret,
        }}
        kinds={[
          { value: "email", label: t("email") },
          { value: "webhook", label: t("webhook"), hint: t("webhookHint") },
        ]}
        languages={[
          { value: "en", label: t("en") },
          { value: "ar", label: t("ar") },
        ]}
      />
    </Card>
  );
}
