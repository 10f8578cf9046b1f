import { useTranslations } from "next-intl";
import { platformLabel } from "@/components/connections/platform-text";
import type { CatalogueEntry } from "@/lib/connections/catalogue";
import type { CredentialsForm } from "./credentials-form";
import { CredentialsLate } from "./credentials-late";
import { wordFields } from "./word-fields";

type Props = Omit<CatalogueEntry, "openAttemptId" | "paused"> & {
  action: Parameters<typeof CredentialsForm>[0]["action"];
};

// A platform's own form, in words: the fields are the provider's, the texts the catalogue's.
export function CredentialsEntry({ offer, target, again, link, merchants, action }: Props) {
  const t = useTranslations("connect");
  const form = useTranslations("form");
  const platforms = useTranslations("platforms");
  const platform = platformLabel(platforms, offer);
  const optional = (label: string) => `${label} (${form("optional")})`;
  const store = {
    texts: { label: optional(t("label")), labelHint: t("labelHint", { platform }), merchant: t("merchant") },
    merchants,
    values: { label: again?.label ?? undefined, merchantId: again?.merchantId },
  };
  return (
    <section aria-labelledby="credentials">
      <h2 id="credentials" className="text-lg font-semibold">
        {t("credentials.details", { platform })}
      </h2>
      <p className="mt-1 mb-5 text-muted">{t("credentials.proved", { platform })}</p>
      <CredentialsLate
        action={action}
        hidden={{ offer: offer.slug, ...(target ? { connectionId: target.id } : {}), ...(link ? { link } : {}) }}
        fields={wordFields(platforms, form, offer.provider, offer.fields)}
        store={target ? null : store}
        texts={{
          problem: form("problem"),
          submit: t("credentials.submit"),
          secretAgain: t("credentials.secretAgain"),
          errorTitle: form("errorTitle", { title: "%s" }),
        }}
      />
    </section>
  );
}
