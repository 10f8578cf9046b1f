import { useTranslations } from "next-intl";
import { platformLabel } from "@/components/connections/platform-text";
import { SelectField } from "@/components/forms/select-field";
import { TextField } from "@/components/forms/text-field";
import { buttonClass } from "@/components/ui/button";
import type { OfferView } from "@/lib/connections/catalogue";

type Named = { id: string; name: string };

type Props = {
  // null: too many to choose from, so one is typed
  merchants: readonly Named[] | null;
  offers: OfferView[];
  merchant: Named | null;
  // what was asked for, whether there is such a merchant or not
  typed: string;
  slug: string | undefined;
};

// Whose grant, and of which platform: the address of the form for it.
export function ChooseForm({ merchants, offers, merchant, typed, slug }: Props) {
  const t = useTranslations("import");
  const platforms = useTranslations("platforms");
  // A typed name has a line of help, so that the two would not stand on one line.
  const beside = merchants !== null;
  const columns = "sm:grid-cols-[minmax(0,1fr)_minmax(0,1fr)_auto]";
  return (
    <form action="/import" className={`grid items-start ${beside ? `gap-3 ${columns}` : "max-w-form gap-4"}`}>
      {merchants ? (
        <SelectField
          key={`merchant-${merchant?.id}`}
          id="merchant"
          label={t("merchant")}
          defaultValue={merchant?.id ?? ""}
          required
          options={[{ value: "", label: t("chooseMerchant") }, ...merchants.map(({ id, name }) => ({ value: id, label: name }))]}
        />
      ) : (
        <TextField
          key={`merchant-${typed}`}
          id="merchant"
          label={t("merchant")}
          hint={t("merchantTyped")}
          error={typed !== "" && !merchant ? t("merchantUnknown") : undefined}
          defaultValue={typed}
          required
          maxLength={200}
          autoComplete="off"
        />
      )}
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
      <button
        type="submit"
        className={`${buttonClass({ tone: slug && merchant ? "secondary" : "primary" })} ${beside ? "sm:mt-7" : "justify-self-start"}`}
      >
        {t("choose")}
      </button>
    </form>
  );
}
