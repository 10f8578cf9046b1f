import { useLocale, useTranslations } from "next-intl";
import type { Told } from "@/components/support/act-form";
import type { Total } from "@/lib/connections/find-page";
import { formatNumber } from "@/lib/format";
import { intlTag, localeOfTag } from "@/lib/locale";
import { BulkBar } from "./bulk-bar";
import { RevokeDialog } from "./revoke-dialog";
import type { RevokeAction, RevokeAnswer, RevokeParts } from "./revoke-parts";
import { RowActs } from "./row-acts";

export type ListActions = {
  act: (before: Told | null, form: FormData) => Promise<Told | null>;
  openRevoke: (connectionId: string) => Promise<RevokeParts | Extract<RevokeAnswer, { kind: "ended" }>>;
  revoke: RevokeAction;
};

type Props = {
  query: string;
  // rows on this page, and how many match in all
  rows: number;
  total: Total;
};

// What can be done with many rows of a list; stands before the table.
export function ListActs({ query, rows, total }: Props) {
  const t = useTranslations("bulk.bar");
  const locale = localeOfTag(useLocale());
  const language = intlTag(locale);
  const page = formatNumber(rows, locale);
  const every = t("count", { is: total.is.replace(" ", "_"), n: formatNumber(total.n, locale) });
  return (
    <BulkBar
      query={query}
      selected={byPlural(rows, language, (count) => t("selected", { count }))}
      language={language}
      texts={{
        label: t("label"),
        page: t("page", { count: page }),
        all: t("all", { count: every }),
        allSelected: t("allSelected", { count: every }),
        none: t("none"),
        revoke: t("revoke"),
        renew: t("renew"),
        test: t("test"),
        allLabel: t("allLabel"),
        recent: t("recent"),
      }}
    />
  );
}

/** One sentence for each plural form that so many can have, with "#" where the number stands. */
function byPlural(most: number, language: string, say: (count: number) => string): Partial<Record<Intl.LDMLPluralRule, string>> {
  const rules = new Intl.PluralRules(language);
  const number = new Intl.NumberFormat(language);
  const said: Partial<Record<Intl.LDMLPluralRule, string>> = {};
  for (let count = 1; count <= most; count += 1) said[rules.select(count)] ??= say(count).replace(number.format(count), "#");
  return said;
}

// What the rows' menus need once for all of them. Stays as it is when the list is drawn anew, so that what came of an act can be read.
export function RowHosts({ actions }: { actions: ListActions }) {
  const menu = useTranslations("bulk.menu");
  const revoke = useTranslations("support.revoke");
  const close = useTranslations("dialog")("close");
  return (
    <>
      <RowActs action={actions.act} working={menu("working")} />
      <RevokeDialog
        load={actions.openRevoke}
        action={actions.revoke}
        texts={{ title: revoke("dialog"), loading: revoke("loading"), failed: revoke("failed"), close }}
      />
    </>
  );
}

/** After the table: back to what can be done with the ticked rows, for those who come by keyboard. */
export function BackToActs() {
  const t = useTranslations("bulk.bar");
  return (
    <a href="#bulk" className="sr-only focus:not-sr-only focus:inline-block focus:py-2">
      {t("skip")}
    </a>
  );
}
