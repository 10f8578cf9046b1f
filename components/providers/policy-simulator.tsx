import { useTranslations } from "next-intl";
import { StatePill } from "@/components/connections/state-pill";
import { SelectField } from "@/components/forms/select-field";
import { TextField } from "@/components/forms/text-field";
import { Button } from "@/components/ui/button";

import type { Simulated } from "@/lib/offers/simulate-policy";
import { Section } from "./section";

export type Life = { n: number; unit: "days" | "hours" };
type Props = {
  slug: string;
  policy: "refresh_token" | "on_demand" | "static_key" | "none";
  graceS: number | null;
  life: Life;
  simulated: Simulated;
};

// The product's own rules, played through for a lifetime.
export function PolicySimulator({ slug, policy, graceS, life, simulated }: Props) {
  const t = useTranslations("providers.policy");
  const time = (seconds: number) => {
    const n = Math.round((seconds / (life.unit === "days" ? 86_400 : 3_600)) * 100) / 100;
    return n === 0 ? t("start") : life.unit === "days" ? t("day", { n }) : t("hour", { n });
  };
  const { renews, states } = simulated;
  return (
    <Section id="policy-title" title={t("title")} lead={t(`kind.${policy}`)}>
      <form action={`/providers/${slug}#policy-title`} method="get" className="mb-4 flex flex-wrap items-end gap-3">
        <div className="w-36">
          <TextField id="life" type="number" min="0.01" max="3650" step="any" label={t("life")} defaultValue={life.n} />
        </div>
        <div className="w-32">
          <SelectField
            id="unit"
            label={t("unit")}
            options={[
              { value: "days", label: t("days") },
              { value: "hours", label: t("hours") },
            ]}
            defaultValue={life.unit}
          />
        </div>
        <Button type="submit">{t("show")}</Button>
      </form>
      <p>{renews ? t("renews", { from: time(renews.fromS), until: time(renews.untilS) }) : t("renewsNot")}</p>
      <p className="mt-3 text-muted">{t("ifNot")}</p>
      <ol className="mt-2 space-y-2">
        {states.map(({ state, fromS }) => (
          <li key={fromS} className="flex flex-wrap items-center gap-3">
            <StatePill state={state} audience="staff" />
            <span className="tabular-nums">{fromS === 0 ? t("start") : t("from", { time: time(fromS) })}</span>
          </li>
        ))}
      </ol>
      {graceS === null && policy === "refresh_token" && <p className="mt-3 text-sm text-muted">{t("lasts")}</p>}
    </Section>
  );
}
