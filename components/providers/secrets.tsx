import { useTranslations } from "next-intl";
import { ExactTime } from "@/components/connections/exact-time";
import { SubmitButton } from "@/components/forms/submit-button";
import { TextField } from "@/components/forms/text-field";
import { ButtonLink } from "@/components/ui/button-link";
import type { OfferDetail } from "@/lib/offers/show-offers";
import { Section } from "./section";

type Act = (form: FormData) => Promise<void>;
type Props = { offer: OfferDetail; add: Act; use: Act; error?: string };

// Values are written here and never read: who set each, and when it was last used.
export function Secrets({ offer, add, use, error }: Props) {
  const t = useTranslations("providers.secret");
  const { slug, secrets, asOf, authMethod } = offer;
  if (authMethod === "none")
    return (
      <Section id="secret-title" title={t("title")}>
        <p>{t("none")}</p>
      </Section>
    );
  return (
    <Section id="secret-title" title={t("title")} lead={t("text")}>
      <ul className="mb-4 divide-y divide-line">
        {secrets.map((secret) => (
          <li key={secret.id} className="flex flex-wrap items-center justify-between gap-3 py-3">
            <div id={secret.id}>
              <p className="font-medium">{t(secret.current ? "current" : "kept")}</p>
              <p className="text-sm text-muted">
                {t.rich("set", { time: () => <ExactTime at={secret.createdAt} now={asOf} />, name: () => <bdi>{secret.createdBy}</bdi> })}
                {" · "}
                {secret.lastUsedAt ? t.rich("used", { time: () => <ExactTime at={secret.lastUsedAt ?? asOf} now={asOf} /> }) : t("unused")}
              </p>
            </div>
            {!secret.current && (
              <div className="flex flex-wrap gap-2">
                <form action={use}>
                  <input type="hidden" name="slug" value={slug} />
                  <input type="hidden" name="secretId" value={secret.id} />
                  <SubmitButton tone="secondary" size="small" aria-describedby={secret.id}>
                    {t("use")}
                  </SubmitButton>
                </form>
                <ButtonLink href={`/providers/${slug}/retire/${secret.id}`} size="small" aria-describedby={secret.id}>
                  {t("retire")}
                </ButtonLink>
              </div>
            )}
          </li>
        ))}
      </ul>
      {secrets.length < 2 && (
        <form action={add} noValidate className="grid gap-3">
          <input type="hidden" name="slug" value={slug} />
          <TextField
            id="clientSecret"
            type="password"
            code
            autoComplete="off"
            maxLength={2_000}
            label={t("add")}
            hint={t("addHint")}
            error={error}
          />
          <SubmitButton tone="secondary" className="justify-self-start">
            {t("addDo")}
          </SubmitButton>
        </form>
      )}
    </Section>
  );
}
