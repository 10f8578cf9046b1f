import { useLocale, useTranslations } from "next-intl";
import { platformLabel } from "@/components/connections/platform-text";
import { stateLook } from "@/components/connections/state-words";
import { SelectField } from "@/components/forms/select-field";
import { TextField } from "@/components/forms/text-field";
import { Button } from "@/components/ui/button";
import type { OfferView } from "@/lib/connections/catalogue";
import type { Criteria } from "@/lib/connections/criteria";
import type { FacetName } from "@/lib/connections/facets";
import type { FoundPage } from "@/lib/connections/find-page";
import type { HealthState } from "@/lib/connections/health";
import { type Window, windowText } from "@/lib/connections/window";
import { formatNumber } from "@/lib/format";
import { localeOfTag } from "@/lib/locale";
import { useCauseLabel } from "./cause-label";
import { useWindowLabel, windowsOf } from "./window-label";

type Props = { criteria: Criteria; offers: OfferView[] } & Pick<FoundPage, "facets" | "kinds">;

const states = Object.keys(stateLook) as HealthState[];

// Every filter, each option with how many it would leave: native controls, which a form sends without a script as well.
export function FilterFields({ criteria, offers, facets, kinds }: Props) {
  const t = useTranslations("support.filter");
  const words = useTranslations("state");
  const platforms = useTranslations("platforms");
  const causeLabel = useCauseLabel();
  const windowLabel = useWindowLabel();
  const locale = localeOfTag(useLocale());
  const counted = (facet: FacetName, value: string, label: string) =>
    facets ? `${label} (${formatNumber(facets[facet].get(value) ?? 0, locale)})` : label;
  const select = (id: string, facet: "offer" | "environment" | "cause", labelOf: (value: string) => string) => (
    <SelectField
      id={`filter-${id}`}
      name={id}
      label={t(facet)}
      defaultValue={criteria[facet] ?? ""}
      options={[
        { value: "", label: t("any") },
        ...[...new Set([...[...kinds[facet].keys()].sort(), ...(criteria[facet] === null ? [] : [criteria[facet]])])].map((value) => ({
          value,
          label: counted(facet, value, labelOf(value)),
        })),
      ]}
    />
  );
  const span = (id: "runs_out" | "due" | "created", window: Window | null) => {
    const chosen = window === null ? "" : windowText(window);
    const offered = windowsOf[id].map((value) => ({ value, label: windowLabel(id, value) }));
    const own = chosen === "" || offered.some(({ value }) => value === chosen) ? [] : [{ value: chosen, label: windowLabel(id, chosen) }];
    const options = [{ value: "", label: t("anyTime") }, ...offered, ...own];
    return <SelectField id={`filter-${id}`} name={id} label={t(id)} defaultValue={chosen} options={options} />;
  };
  const offerLabel = (slug: string) => {
    const offer = offers.find((one) => one.slug === slug);
    return offer ? platformLabel(platforms, offer) : slug;
  };
  const renews = criteria.renews === null ? "" : criteria.renews ? "yes" : "no";
  return (
    <div className="space-y-5 border-t border-line p-4">
      <fieldset>
        <legend className="font-medium">{t("state")}</legend>
        <div className="mt-1.5 grid gap-x-4 sm:grid-cols-2 rail:grid-cols-3 wide:grid-cols-5">
          {states.map((state) => (
            <label key={state} className="flex min-h-9 items-center gap-2 text-sm">
              <input
                type="checkbox"
                name="state"
                value={state}
                defaultChecked={criteria.states.includes(state)}
                className="size-4 shrink-0"
              />
              {counted("states", state, words(state))}
            </label>
          ))}
        </div>
      </fieldset>
      <div className="grid items-end gap-3 sm:grid-cols-2 rail:grid-cols-3 wide:grid-cols-4">
        {select("offer", "offer", offerLabel)}
        {select("env", "environment", (value) => value)}
        {select("cause", "cause", causeLabel)}
        {span("runs_out", criteria.runsOut)}
        {span("due", criteria.due)}
        {span("created", criteria.created)}
        <SelectField
          id="filter-renews"
          name="renews"
          label={t("renews")}
          defaultValue={renews}
          options={(["", "yes", "no"] as const).map((value) => ({ value, label: value === "" ? t("any") : t(value) }))}
        />
        <TextField
          id="filter-owner"
          name="owner"
          label={t("owner")}
          code
          defaultValue={criteria.owner ?? ""}
          maxLength={64}
          autoComplete="off"
        />
        <SelectField
          id="filter-sort"
          name="sort"
          label={t("sort")}
          defaultValue={criteria.sort ?? ""}
          options={(["", "attention", "runs_out", "no_return", "updated"] as const).map((value) => ({
            value,
            label: value === "" ? t("sortBy.own") : t(`sortBy.${value}`),
          }))}
        />
      </div>
      <Button type="submit">{t("apply")}</Button>
    </div>
  );
}
