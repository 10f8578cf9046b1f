import { Circle, CircleCheck, CircleX, LoaderCircle } from "lucide-react";
import { useTranslations } from "next-intl";

export type StepState = "done" | "running" | "waiting" | "failed";
export const steps = ["verified", "exchanged", "stored", "checked"] as const;

type Props = { states: Record<(typeof steps)[number], StepState> };

const look = {
  done: { icon: CircleCheck, icons: "text-positive", bar: "bg-positive", word: "" },
  running: { icon: LoaderCircle, icons: "text-accent motion-safe:animate-spin", bar: "bg-accent", word: "font-medium" },
  waiting: { icon: Circle, icons: "text-line-strong", bar: "bg-line", word: "text-muted" },
  failed: { icon: CircleX, icons: "text-critical", bar: "bg-critical", word: "font-medium text-critical" },
};

// Each step ticks when it is durably done, never before.
export function ProgressList({ states }: Props) {
  const t = useTranslations("progress");
  return (
    <ol aria-label={t("label")} className="grid grid-cols-4 gap-2">
      {steps.map((step) => {
        const { icon: Icon, icons, bar, word } = look[states[step]];
        return (
          <li key={step} className="min-w-0 text-sm">
            <span aria-hidden="true" className={`mb-2 block h-1 rounded-full ${bar}`} />
            <span className="flex flex-col gap-x-1.5 gap-y-1 sm:flex-row sm:items-center">
              <Icon size={16} aria-hidden="true" className={`shrink-0 ${icons}`} />
              <span className={word}>
                {t(step)}
                <span className="sr-only">: {t(states[step])}</span>
              </span>
            </span>
          </li>
        );
      })}
    </ol>
  );
}
