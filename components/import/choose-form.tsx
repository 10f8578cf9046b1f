import { useTranslations } from "next-intl";
import { platformLabel } from "@/components/connections/platform-text";
import { SelectField } from "@/components/forms/select-field";
import { buttonClass } from "@/components/ui/button";
import type { OfferView } from "@/lib/connections/catalogue";

type Props = { merchants: { id: string; name: string }[]; offers: OfferView[]; merchantId: string | undefined; slug: string | undefined };

// Whose grant, and of which platform: the address of the form for it.
export function ChooseForm({ merchants, offers, merchantId, slug }: Props) {
  const t = useTranslations("import");
  const platforms = useTranslations("platforms");
  return (
    <form action="/import" className="grid items-end gap-3 sm:grid-cols-[minmax(0,1fr)_minmax(0,1fr)_auto]">
      <SelectField
        key={`merchant-${merchantId}`}
        id="merchant"
        label={t("merchant")}
        defaultValue={merchantId ?? ""}
        required
        options={[{ value: "", label: t("chooseMerchant") }, ...merchants.map(({ id, name }) => ({ value: id, label: name }))]}
      />
      <SelectField
        key={`platform-${slug}`}
        id="platform"
        label={t("platform")}
        defaultValue={slug ?? ""}
        required
        options={[
          { value: "", label: t("choosePlatform") },
          ...offers.map((offer) => ({ value: offer.slug, label: platformLabel(platforms, offer) })),
        ]}
      />
      <button type="submit" className={buttonClass({ tone: slug && merchantId ? "secondary" : "primary" })}>
        {t("choose")}
      </button>
    </form>
  );
}
