import { useTranslations } from "next-intl";
import { SelectField } from "@/components/forms/select-field";
import { TextField } from "@/components/forms/text-field";
import { buttonClass } from "@/components/ui/button";
import { ButtonLink } from "@/components/ui/button-link";
import { type PeopleCriteria, peopleQuery, peopleRoles } from "@/lib/people/people-criteria";

type Props = { criteria: PeopleCriteria; of: { id: string; name: string } | null };

export function PeopleFilter({ criteria, of }: Props) {
  const t = useTranslations("people");
  const { q, role, merchant } = criteria;
  const words = { none: t("find.none"), disabled: t("table.disabled") };
  const options = peopleRoles.map((value) => ({
    value,
    label: value === "none" || value === "disabled" ? words[value] : t(`role.${value}`),
  }));
  return (
    <search className="mb-5 block">
      <form action="/people" className="grid items-end gap-3 sm:grid-cols-[minmax(0,1fr)_12rem_auto]">
        <TextField id="q" type="search" label={t("find.q")} defaultValue={q} maxLength={200} autoComplete="off" />
        <SelectField
          key={`role-${role}`}
          id="role"
          label={t("table.role")}
          defaultValue={role ?? ""}
          options={[{ value: "", label: t("find.any") }, ...options]}
        />
        {merchant && <input type="hidden" name="merchant" value={merchant} />}
        <div className="flex flex-wrap gap-2">
          <button type="submit" className={buttonClass()}>
            {t("find.submit")}
          </button>
          {peopleQuery(criteria).size > 0 && (
            <ButtonLink href="/people" tone="quiet" prefetch={false}>
              {t("find.clear")}
            </ButtonLink>
          )}
        </div>
      </form>
      {merchant && <p className="mt-3">{t.rich("find.of", { name: () => <bdi className="font-medium">{of?.name ?? merchant}</bdi> })}</p>}
    </search>
  );
}
