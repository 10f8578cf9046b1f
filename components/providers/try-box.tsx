import { useTranslations } from "next-intl";
import { ExactTime } from "@/components/connections/exact-time";
import { Button } from "@/components/ui/button";
import type { OfferDetail } from "@/lib/offers/show-offers";
import { Section } from "./section";

// A plain form to a route handler, as every consent begins.
export function TryBox({ offer }: { offer: OfferDetail }) {
  const t = useTranslations("providers.try");
  const { proved, asOf } = offer;
  return (
    <Section id="try-title" title={t("title")} lead={t("text")}>
      {offer.values && (
        <p className="mb-3 font-medium">
          {proved ? t.rich("proved", { time: () => <ExactTime at={proved.at} now={asOf} /> }) : t("unproved")}
        </p>
      )}
      <TryForm slug={offer.slug} label={t("start")} primary={!proved} />
    </Section>
  );
}

export function TryForm({ slug, label, primary }: { slug: string; label: string; primary: boolean }) {
  return (
    <form method="post" action={`/api/oauth/${slug}/start`}>
      <input type="hidden" name="try" value="1" />
      <Button type="submit" tone={primary ? "primary" : "secondary"}>
        {label}
      </Button>
    </form>
  );
}
