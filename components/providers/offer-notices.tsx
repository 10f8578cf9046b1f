import { useTranslations } from "next-intl";
import { ExactTime } from "@/components/connections/exact-time";
import { SubmitButton } from "@/components/forms/submit-button";
import { Notice } from "@/components/ui/notice";
import type { OfferDetail } from "@/lib/offers/show-offers";

type Props = { offer: OfferDetail; resume: (form: FormData) => Promise<void> };

// What is the matter with a platform, the worst first.
export function OfferNotices({ offer, resume }: Props) {
  const t = useTranslations("providers");
  const { incident, held, pause, failing, status, shadowed, asOf } = offer;
  return (
    <div className="mb-6 space-y-3 empty:hidden">
      {incident && (
        <Notice tone="critical" title={t("incident.title")}>
          {t.rich("incident.text", { time: () => <ExactTime at={incident.openedAt} now={asOf} /> })}
        </Notice>
      )}
      {failing && (
        <Notice tone="warning" title={t("status.failing")}>
          {t("failing.text")}
        </Notice>
      )}
      {held && (
        <Notice
          tone="info"
          title={t.rich("pause.held", { time: () => <ExactTime at={held.until} show="exact" /> })}
          action={
            <form action={resume}>
              <input type="hidden" name="slug" value={offer.slug} />
              <SubmitButton tone="secondary" size="small">
                {t("pause.resume")}
              </SubmitButton>
            </form>
          }
        >
          <p>
            <bdi>{held.reason}</bdi>
          </p>
          {pause && (
            <p className="text-sm">
              {t.rich("pause.by", { name: () => <bdi>{pause.pausedBy}</bdi>, time: () => <ExactTime at={pause.pausedAt} now={asOf} /> })}
            </p>
          )}
        </Notice>
      )}
      {status === "variables" && (
        <Notice tone="neutral" title={t("variables.title")}>
          <p>{t("variables.text")}</p>
          {shadowed && <p className="font-medium">{t("variables.shadows")}</p>}
        </Notice>
      )}
    </div>
  );
}
