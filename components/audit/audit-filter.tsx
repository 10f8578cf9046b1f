import { useTranslations } from "next-intl";
import { SelectField } from "@/components/forms/select-field";
import { TextField } from "@/components/forms/text-field";
import { buttonClass } from "@/components/ui/button";
import { ButtonLink } from "@/components/ui/button-link";
import { type AuditCriteria, auditQuery } from "@/lib/audit/audit-criteria";
import { type EventGroup, eventGroups } from "@/lib/audit/event-groups";

const groups = Object.keys(eventGroups) as EventGroup[];

// A plain GET form: what is asked is the address of its answer.
export function AuditFilter({ criteria }: { criteria: AuditCriteria }) {
  const t = useTranslations("audit.filter");
  const labelled = (name: "actor" | "about" | "from" | "to", hint: "actorHint" | "aboutHint" | "days") => (
    <>
      {t(name)} <span className="ms-1 text-sm font-normal text-muted">{t(hint)}</span>
    </>
  );
  const words = (names: readonly ("people" | "system" | "all")[]) => names.map((value) => ({ value, label: t(`byWhom.${value}`) }));
  const { by, actor, about, group, result, from, to } = criteria;
  return (
    <search className="mb-6 block">
      <form action="/audit" className="grid items-end gap-3 sm:grid-cols-2 wide:grid-cols-4">
        <SelectField key={`by-${by}`} id="by" label={t("by")} defaultValue={by} options={words(["people", "system", "all"])} />
        <TextField id="actor" dir="ltr" label={labelled("actor", "actorHint")} defaultValue={actor} maxLength={254} autoComplete="off" />
        <SelectField
          key={`group-${group}`}
          id="group"
          label={t("group")}
          defaultValue={group ?? ""}
          options={[{ value: "", label: t("anyGroup") }, ...groups.map((value) => ({ value, label: t(`groups.${value}`) }))]}
        />
        <TextField id="about" dir="ltr" label={labelled("about", "aboutHint")} defaultValue={about} maxLength={254} autoComplete="off" />
        <SelectField
          key={`result-${result}`}
          id="result"
          label={t("result")}
          defaultValue={result ?? ""}
          options={[
            { value: "", label: t("anyResult") },
            ...(["done", "denied"] as const).map((value) => ({ value, label: t(`results.${value}`) })),
          ]}
        />
        <TextField id="from" type="date" label={labelled("from", "days")} defaultValue={from ?? ""} />
        <TextField id="to" type="date" label={labelled("to", "days")} defaultValue={to ?? ""} />
        <div className="flex flex-wrap gap-2">
          <button type="submit" className={buttonClass({ tone: "primary" })}>
            {t("submit")}
          </button>
          {auditQuery(criteria).size > 0 && (
            <ButtonLink href="/audit" tone="quiet" prefetch={false}>
              {t("clear")}
            </ButtonLink>
          )}
        </div>
      </form>
    </search>
  );
}
