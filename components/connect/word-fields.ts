import type { useTranslations } from "next-intl";
import { type PlatformTranslator, platformText } from "@/components/connections/platform-text";
import type { OfferView } from "@/lib/connections/catalogue";
import type { WordedField } from "./credential-field";

type FormTranslator = ReturnType<typeof useTranslations<"form">>;

/** A platform's fields with the catalogue's words for them. */
export function wordFields(
  platforms: PlatformTranslator,
  form: FormTranslator,
  provider: string,
  fields: OfferView["fields"],
): WordedField[] {
  const text = (key: string) => platformText(platforms, provider, `fields.${key}`);
  return fields.map(({ options, ...field }) => {
    const label = text(`${field.name}.label`) ?? field.name;
    return {
      ...field,
      label: field.optional ? `${label} (${form("optional")})` : label,
      hint: text(`${field.name}.hint`) ?? undefined,
      options: options?.map((value) => ({ value, label: text(`${field.name}.options.${value}`) ?? value })),
    };
  });
}
