import { useTranslations } from "next-intl";
import type { OfferDetail } from "@/lib/offers/show-offers";
import { Section } from "./section";

export function PaceWords({ pace }: { pace: OfferDetail["pace"] }) {
  const t = useTranslations("providers.pace");
  return (
    <Section id="pace-title" title={t("title")}>
      {pace === null ? (
        <p>{t("none")}</p>
      ) : (
        <>
          <p>{t("calls", { calls: pace.calls, seconds: pace.perS })}</p>
          {pace.burst > 0 && <p>{t("burst", { n: pace.burst })}</p>}
          {pace.serial && <p>{t("serial")}</p>}
        </>
      )}
    </Section>
  );
}
