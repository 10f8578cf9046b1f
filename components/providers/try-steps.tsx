import { CircleCheck, CircleMinus, CircleX } from "lucide-react";
import { useTranslations } from "next-intl";
import type { TryView } from "@/lib/offers/show-try";

const icons = { good: CircleCheck, bad: CircleX, none: CircleMinus } as const;
const tones = { good: "text-positive", bad: "text-critical", none: "text-muted" } as const;
const KNOWN = [
  "would_end_others",
  "by_hand",
  "denied",
  "timed_out",
  "not_matched",
  "nothing",
  "interrupted",
  "offer_changed",
  "code_refused",
  "invalid_client",
] as const;

// Each step of a dry run with what came of it, in words.
export function TrySteps({ steps }: { steps: TryView["steps"] }) {
  const t = useTranslations("providers.try");
  return (
    <ol className="divide-y divide-line rounded-lg border border-line bg-surface-raised px-4">
      {steps.map(({ step, result, code }) => {
        const Icon = icons[result];
        const known = KNOWN.find((name) => name === code);
        return (
          <li key={step} className="flex items-start gap-3 py-3">
            <Icon size={20} aria-hidden="true" className={`mt-0.5 shrink-0 ${tones[result]}`} />
            <div className="min-w-0">
              <p className="font-medium">{t(`step.${step}`)}</p>
              <p className="text-muted">
                {t(`result.${result}`)}
                {code !== null && <> · {known ? t(`code.${known}`) : t("code.other", { code })}</>}
              </p>
            </div>
          </li>
        );
      })}
    </ol>
  );
}
