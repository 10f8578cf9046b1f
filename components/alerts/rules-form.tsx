import { useNow, useTranslations } from "next-intl";
import { SubmitButton } from "@/components/forms/submit-button";
import { alertKinds, hasWindow, windows } from "@/lib/alerts/alert-kinds";
import type { DestinationView, RuleView } from "@/lib/alerts/show-alerts";

type Props = { destination: DestinationView; save: (form: FormData) => Promise<void> };

// Each rule is a sentence that can be switched on, with its number in the middle of it.
export function RulesForm({ destination: { id, rules }, save }: Props) {
  const t = useTranslations("alerts.rules");
  // React resets a form after its action to what it was first shown with: each answer makes the fields anew.
  const answer = useNow().getTime();
  return (
    <form action={save}>
      <input type="hidden" name="destinationId" value={id} />
      <fieldset>
        <legend className="mb-1 text-muted">{t("legend")}</legend>
        <ul key={answer} className="divide-y divide-line">
          {rules.map((rule) => (
            <Rule key={rule.kind} of={id} rule={rule} />
          ))}
        </ul>
      </fieldset>
      <SubmitButton tone="secondary" size="small" className="mt-3">
        {t("save")}
      </SubmitButton>
    </form>
  );
}

function Rule({ of, rule: { kind, enabled, threshold, windowMinutes } }: { of: string; rule: RuleView }) {
  const t = useTranslations("alerts.rules");
  const sentence = `${of}-${kind}`;
  const range = alertKinds[kind].threshold;
  const number = range && (
    <input
      type="number"
      name={`threshold-${kind}`}
      aria-label={t(`number.${range.of}`)}
      defaultValue={threshold}
      min={range.least}
      max={range.most}
      step={1}
      required
      className="mx-1 inline-block min-h-8 w-20 rounded-md border border-line-strong bg-surface-raised px-2 py-0.5 text-base tabular-nums"
    />
  );
  const window = hasWindow(kind) && (
    <select
      name={`window-${kind}`}
      aria-label={t("window.label")}
      defaultValue={windowMinutes}
      className="mx-1 inline-block min-h-8 rounded-md border border-line-strong bg-surface-raised px-2 py-0.5 text-base"
    >
      {windows.map((minutes) => (
        <option key={minutes} value={minutes}>
          {t(`window.${minutes}`)}
        </option>
      ))}
    </select>
  );
  return (
    <li className="flex items-start gap-3 py-2.5">
      <input
        type="checkbox"
        name={`enabled-${kind}`}
        defaultChecked={enabled}
        aria-labelledby={sentence}
        className="mt-2 size-5 shrink-0 accent-accent"
      />
      <span id={sentence} className="min-w-0 leading-9">
        {t.rich(`sentence.${kind}`, { n: () => number, window: () => window })}
      </span>
    </li>
  );
}
