import { Search, SlidersHorizontal } from "lucide-react";
import { useLocale, useTranslations } from "next-intl";
import { TextField } from "@/components/forms/text-field";
import { buttonClass } from "@/components/ui/button";
import type { OfferView } from "@/lib/connections/catalogue";
import { type Criteria, criteriaQuery } from "@/lib/connections/criteria";
import type { FoundPage } from "@/lib/connections/find-page";
import { localeOfTag } from "@/lib/locale";
import { FilterFields } from "./filter-fields";
import { LiveSearch } from "./live-search";

type Props = { criteria: Criteria; offers: OfferView[] } & Pick<FoundPage, "facets" | "kinds">;

// A plain GET form, so that what was asked is the address of its answer. The filters are the browser's own disclosure.
export function SearchForm({ criteria, offers, facets, kinds }: Props) {
  const t = useTranslations("support.search");
  const locale = localeOfTag(useLocale());
  const filtered = criteriaQuery({ ...criteria, text: "", sort: null }).size;
  // In one line with the other labels, so that the fields stand in one as well.
  const label = (
    <>
      {t("box")} <span className="ms-1 text-sm font-normal text-muted">{t("hint")}</span>
    </>
  );
  return (
    <search>
      <form id="search" action="/support" className="space-y-3">
        <div className="grid items-end gap-3 sm:grid-cols-[minmax(0,1fr)_auto]">
          <TextField
            id="q"
            type="search"
            label={label}
            defaultValue={criteria.text}
            maxLength={200}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            enterKeyHint="search"
          />
          <button type="submit" className={buttonClass({ tone: "primary" })}>
            <Search size={16} aria-hidden="true" />
            {t("submit")}
          </button>
        </div>
        <details className="group rounded-lg border border-line bg-surface-raised">
          <summary className="flex min-h-11 list-none items-center gap-2 rounded-lg px-4 text-sm font-medium [&::-webkit-details-marker]:hidden">
            <SlidersHorizontal size={16} aria-hidden="true" className="shrink-0 text-muted" />
            {t("filters", { count: filtered })}
          </summary>
          <FilterFields criteria={criteria} offers={offers} facets={facets} kinds={kinds} />
        </details>
        <LiveSearch key={locale} query={criteriaQuery(criteria).toString()} slow={t("slow")} />
      </form>
    </search>
  );
}
