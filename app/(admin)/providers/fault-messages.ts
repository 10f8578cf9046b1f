import type { useTranslations } from "next-intl";
import { offerFields } from "@/lib/offers/offer-input";
import type { OfferFaults } from "@/lib/offers/read-offer";

const FAULTS = [
  "required",
  "long",
  "url",
  "slug",
  "slug_taken",
  "monogram",
  "issuer_or_endpoints",
  "pkce",
  "params",
  "characters",
] as const;

/** A sentence for each field that is not usable, in the order of the form. */
export function faultMessages(t: ReturnType<typeof useTranslations<"providers.form">>, faults: OfferFaults) {
  return ([...offerFields, "clientSecret"] as const).flatMap((field) => {
    const fault = FAULTS.find((name) => name === faults[field]);
    return fault ? [{ field, message: t(`fault.${fault}`, { field: t(`field.${field}`) }) }] : [];
  });
}
