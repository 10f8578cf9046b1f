import { headers } from "next/headers";
import type { OfferView } from "@/lib/connections/catalogue";
import { fieldId } from "./field-id";

// Hides the fields that another choice does not ask for, without a script. Names and values are the provider's own words.
export async function WhenStyle({ fields }: { fields: OfferView["fields"] }) {
  const nonce = (await headers()).get("x-nonce") ?? undefined;
  const rules = fields.flatMap(({ when }) => {
    if (!when) return [];
    const asked = `[name="${fieldId(when.name)}"]`;
    return [
      `form:has(${asked}:checked):not(:has(${asked}[value="${when.value}"]:checked)) [data-when="${when.name}=${when.value}"]{display:none}`,
    ];
  });
  if (rules.length === 0) return null;
  return (
    <style nonce={nonce} suppressHydrationWarning>
      {[...new Set(rules)].join("")}
    </style>
  );
}
