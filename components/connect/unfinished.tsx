import { CircleDashed, Hourglass } from "lucide-react";
import { useTranslations } from "next-intl";
import { platformLabel } from "@/components/connections/platform-text";
import { SubmitButton } from "@/components/forms/submit-button";
import { ButtonLink } from "@/components/ui/button-link";
import type { AttemptView } from "@/lib/connections/show-attempt";
import { againHref } from "./again-href";
import { FinishAttempt } from "./finish-attempt";
import { OutcomeReference, OutcomeTitle } from "./outcome-title";
import { ProgressList, type StepState, steps } from "./progress-list";

type Props = { attempt: AttemptView; finish: (form: FormData) => Promise<void> };

// An attempt on its way: each step ticks as it is durably done.
export function Unfinished({ attempt, finish }: Props) {
  const t = useTranslations("result");
  const platform = platformLabel(useTranslations("platforms"), attempt);
  if (attempt.waitingForPlatform)
    return (
      <div className="space-y-6">
        <OutcomeTitle tone="info" icon={Hourglass}>
          {t("waiting.title", { platform })}
        </OutcomeTitle>
        <p>{t("waiting.text", { platform })}</p>
        <FinishAttempt attemptId={attempt.id} link={attempt.link} />
        <ButtonLink href={againHref(attempt)} prefetch={false} className="max-sm:w-full">
          {t("startAgain")}
        </ButtonLink>
        <OutcomeReference attemptId={attempt.id} />
      </div>
    );
  return (
    <div className="space-y-6">
      <OutcomeTitle tone="info" icon={CircleDashed}>
        {t("finishing.title")}
      </OutcomeTitle>
      <p>{t(attempt.kind === "redirect" ? "finishing.text" : "finishing.testing", { platform })}</p>
      <ProgressList states={stepStates(attempt.progress)} />
      <FinishAttempt attemptId={attempt.id} link={attempt.link} action={finish}>
        <SubmitButton className="max-sm:w-full">{t("finishing.button")}</SubmitButton>
      </FinishAttempt>
      <OutcomeReference attemptId={attempt.id} />
    </div>
  );
}

function stepStates(progress: AttemptView["progress"]): Record<(typeof steps)[number], StepState> {
  const current = steps.find((step) => !progress[step]);
  const state = (step: (typeof steps)[number]): StepState => (progress[step] ? "done" : step === current ? "running" : "waiting");
  return { verified: state("verified"), exchanged: state("exchanged"), stored: state("stored"), checked: state("checked") };
}
