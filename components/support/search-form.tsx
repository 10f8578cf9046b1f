import { Search } from "lucide-react";
import { useTranslations } from "next-intl";
import { platformLabel } from "@/components/connections/platform-text";
import { stateLook } from "@/components/connections/state-words";
import { SelectField } from "@/components/forms/select-field";
import { TextField } from "@/components/forms/text-field";
import { buttonClass } from "@/components/ui/button";
import { ButtonLink } from "@/components/ui/button-link";
import type { OfferView } from "@/lib/connections/catalogue";
import { type Criteria, narrows } from "@/lib/connections/criteria";
import type { HealthState } from "@/lib/connections/health";

type Props = { criteria: Criteria; offers: OfferView[] };

// A plain GET form, so that what was asked is the address of its answer.
export function SearchForm({ criteria, offers }: Props) {
  const t = useTranslations("support.search");
  const states = useTranslations("state");
  const platforms = useTranslations("platforms");
  const narrowed = narrows(criteria);
  // In one line with the other labels, so that the fields stand in one as well.
  const label = (
    <>
      {t("box")} <span className="ms-1 text-sm font-normal text-muted">{t("hint")}</span>
    </>
  );
  const named = Object.keys(stateLook) as HealthState[];
  return (
    <search>
      <form action="/support" className="grid items-end gap-3 sm:grid-cols-2 wide:grid-cols-[minmax(0,1fr)_11rem_11rem_11rem_auto]">
        <div className="sm:col-span-2 wide:col-span-1">
          <TextField id="q" type="search" label={label} defaultValue={criteria.text} maxLength={200} autoComplete="off" />
        </div>
        <SelectField
          key={`state-${criteria.states[0]}`}
          id="state"
          label={t("state")}
          defaultValue={criteria.states[0] ?? ""}
          options={[{ value: "", label: t("anyState") }, ...named.map((state) => ({ value: state, label: states(state) }))]}
        />
        <SelectField
          key={`offer-${criteria.offer}`}
          id="offer"
          label={t("platform")}
          defaultValue={criteria.offer ?? ""}
          options={[
            { value: "", label: t("anyPlatform") },
            ...offers.map((offer) => ({ value: offer.slug, label: platformLabel(platforms, offer) })),
          ]}
        />
        <SelectField
          key={`sort-${criteria.sort}`}
          id="sort"
          label={t("sort")}
          defaultValue={criteria.sort ?? ""}
          options={[
            { value: "", label: t("sortBy.attention") },
            { value: "no_return", label: t("sortBy.no_return") },
          ]}
        />
        <div className="flex flex-wrap gap-2 sm:col-span-2 wide:col-span-1">
          <button type="submit" className={buttonClass({ tone: "primary" })}>
            <Search size={16} aria-hidden="true" />
            {t("submit")}
          </button>
          {narrowed && (
            <ButtonLink href="/support" tone="quiet" prefetch={false}>
              {t("clear")}
            </ButtonLink>
          )}
        </div>
      </form>
    </search>
  );
}
