import { useTranslations } from "next-intl";
import { platformLabel } from "@/components/connections/platform-text";
import { Button } from "@/components/ui/button";
import type { CatalogueEntry } from "@/lib/connections/catalogue";
import { StoreFields } from "./store-fields";

type Props = Pick<CatalogueEntry, "offer" | "target" | "again" | "link" | "merchants"> & { attemptId: string };

// A plain form to a route handler: a link could be followed by a prefetch, and would start an attempt each time.
export function ConsentForm({ offer, target, again, link, attemptId, merchants }: Props) {
  const t = useTranslations("connect");
  const platform = platformLabel(useTranslations("platforms"), offer);
  const texts = {
    label: `${t("label")} (${useTranslations("form")("optional")})`,
    labelHint: t("labelHint", { platform }),
    merchant: t("merchant"),
  };
  return (
    <form method="post" action={`/api/oauth/${offer.slug}/start`} className="space-y-5">
      <input type="hidden" name="attemptId" value={attemptId} />
      {link && <input type="hidden" name="link" value={link} />}
      {target ? (
        <input type="hidden" name="connectionId" value={target.id} />
      ) : (
        <StoreFields texts={texts} merchants={merchants} values={{ label: again?.label ?? undefined, merchantId: again?.merchantId }} />
      )}
      <Button type="submit" tone="primary" className="w-full sm:w-auto">
        {t("continue", { platform })}
      </Button>
    </form>
  );
}
