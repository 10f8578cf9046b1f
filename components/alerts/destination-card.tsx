import { Mail, Webhook } from "lucide-react";
import { useTranslations } from "next-intl";
import { ExactTime } from "@/components/connections/exact-time";
import { SubmitButton } from "@/components/forms/submit-button";
import { Card } from "@/components/ui/card";
import { Disclosure } from "@/components/ui/disclosure";
import { Notice } from "@/components/ui/notice";
import type { DestinationView } from "@/lib/alerts/show-alerts";
import { RulesForm } from "./rules-form";
import { type Made, SecretForm } from "./secret-form";
import { useSecretTexts } from "./secret-texts";

type Act = (form: FormData) => Promise<void>;
export type DestinationActs = Record<"saveRules" | "test" | "remove" | "enable", Act> & {
  rotate: (before: Made | null, form: FormData) => Promise<Made | null>;
};
type Props = { destination: DestinationView; asOf: Date; acts: DestinationActs };

// Who is told, of what, and what can be done with it.
export function DestinationCard({ destination, asOf, acts }: Props) {
  const t = useTranslations("alerts.destination");
  const secret = useSecretTexts();
  const { id, kind, address, locale, off, twoUntil } = destination;
  const Icon = kind === "email" ? Mail : Webhook;
  const hidden = <input type="hidden" name="destinationId" value={id} />;
  return (
    <Card aria-labelledby={id}>
      <div className="mb-4 flex flex-wrap items-start justify-between gap-3">
        <div className="min-w-0">
          <h2 id={id} className="flex items-center gap-2 font-semibold">
            <Icon size={16} aria-hidden="true" className="shrink-0 text-muted" />
            <bdi className="min-w-0 break-all">{address}</bdi>
          </h2>
          <p className="mt-0.5 text-sm text-muted">
            {t(kind)}
            {kind === "email" && ` · ${t(`language.${locale}`)}`}
          </p>
        </div>
        <form action={acts.test}>
          {hidden}
          <SubmitButton tone="secondary" size="small" aria-describedby={id}>
            {t("test")}
          </SubmitButton>
        </form>
      </div>
      {off && (
        <div className="mb-4">
          <Notice
            tone="warning"
            action={
              <form action={acts.enable}>
                {hidden}
                <SubmitButton tone="secondary" size="small">
                  {t("switchOn")}
                </SubmitButton>
              </form>
            }
          >
            {t("off")}
          </Notice>
        </div>
      )}
      <RulesForm destination={destination} save={acts.saveRules} />
      <div className="mt-4 border-t border-line pt-2">
        <Disclosure size="small" summary={t(kind === "webhook" ? "secretAndRemoval" : "removal")}>
          <div className="grid gap-5 py-3">
            {kind === "webhook" && (
              <div className="grid gap-2">
                {twoUntil && <p>{t.rich("two", { time: () => <ExactTime at={twoUntil} now={asOf} /> })}</p>}
                <SecretForm action={acts.rotate} destinationId={id} texts={{ submit: t("rotate"), hint: t("rotateHint"), secret }} />
              </div>
            )}
            <form action={acts.remove} className="grid justify-items-start gap-1.5">
              {hidden}
              <p className="text-muted">{t("removeHint")}</p>
              <SubmitButton tone="danger" size="small" aria-describedby={id}>
                {t("remove")}
              </SubmitButton>
            </form>
          </div>
        </Disclosure>
      </div>
    </Card>
  );
}
