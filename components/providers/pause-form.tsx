import { useNow, useTranslations } from "next-intl";
import { SelectField } from "@/components/forms/select-field";
import { SubmitButton } from "@/components/forms/submit-button";
import { TextField } from "@/components/forms/text-field";
import { pauseHours } from "@/lib/offers/pause-hours";
import { Section } from "./section";

type Props = { slug: string; platform: string; pause: (form: FormData) => Promise<void>; error?: "reason" | "hours" };

export function PauseForm({ slug, platform, pause, error }: Props) {
  const t = useTranslations("providers");
  const answer = useNow().getTime();
  return (
    <Section id="pause-title" title={t("pause.title")} lead={t("pause.text")}>
      <form action={pause} noValidate className="grid gap-4">
        <input type="hidden" name="slug" value={slug} />
        <TextField
          id="reason"
          required
          maxLength={300}
          autoComplete="off"
          label={t("pause.reason")}
          hint={t("pause.reasonHint")}
          error={error === "reason" ? t("problem.reason") : undefined}
        />
        <SelectField
          key={answer}
          id="hours"
          label={t("pause.hours")}
          options={pauseHours.map((n) => ({ value: String(n), label: t("pause.hour", { n }) }))}
          defaultValue="4"
        />
        <SubmitButton tone="secondary" className="justify-self-start">
          {t("pause.do", { platform })}
        </SubmitButton>
      </form>
    </Section>
  );
}
