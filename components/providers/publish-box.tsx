import { useTranslations } from "next-intl";
import { SubmitButton } from "@/components/forms/submit-button";
import type { OfferDetail } from "@/lib/offers/show-offers";
import { Section } from "./section";

type Props = { offer: OfferDetail; publish: (form: FormData) => Promise<void>; unpublish: (form: FormData) => Promise<void> };

export function PublishBox({ offer, publish, unpublish }: Props) {
  const t = useTranslations("providers.publish");
  const published = offer.status === "published";
  const slug = <input type="hidden" name="slug" value={offer.slug} />;
  return (
    <Section id="publish-title" title={t("title")} lead={t(published ? "published" : "draft")}>
      {published ? (
        <form action={unpublish} className="grid justify-items-start gap-2">
          {slug}
          <SubmitButton tone="secondary">{t("undo")}</SubmitButton>
          <p className="text-sm text-muted">{t("undoText")}</p>
        </form>
      ) : (
        <form action={publish}>
          {slug}
          {!offer.proved && <input type="hidden" name="unproved" value="1" />}
          <SubmitButton tone={offer.proved ? "primary" : "secondary"}>{t(offer.proved ? "do" : "without")}</SubmitButton>
        </form>
      )}
    </Section>
  );
}
