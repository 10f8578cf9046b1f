import { useTranslations } from "next-intl";
import { platformLabel } from "@/components/connections/platform-text";
import { SubmitButton } from "@/components/forms/submit-button";
import { PageHeader } from "@/components/shell/page-header";
import { ButtonLink } from "@/components/ui/button-link";
import type { AttemptView } from "@/lib/connections/show-attempt";
import { againHref } from "./again-href";
import { FinishAttempt } from "./finish-attempt";
import { ProgressList, type StepState, steps } from "./progress-list";

type Props = { attempt: AttemptView; finish: (form: FormData) => Promise<void> };

// An attempt on its way: each step ticks as it is durably done.
export function Unfinished({ attempt, finish }: Props) {
  const t = useTranslations("result");
  const platform = platformLabel(useTranslations("platforms"), attempt);
  if (attempt.waitingForPlatform)
    return (
      <>
        <PageHeader title={t("waiting.title", { platform })} lead={t("waiting.text", { platform })} />
        <FinishAttempt attemptId={attempt.id} />
        <ButtonLink href={againHref(attempt)} prefetch={false}>
          {t("startAgain")}
        </ButtonLink>
      </>
    );
  return (
    <>
      <PageHeader
        title={t("finishing.title")}
        lead={t(attempt.kind === "redirect" ? "finishing.text" : "finishing.testing", { platform })}
      />
      <div className="space-y-8">
        <ProgressList states={stepStates(attempt.progress)} />
        <FinishAttempt attemptId={attempt.id} action={finish}>
          <SubmitButton>{t("finishing.button")}</SubmitButton>
        </FinishAttempt>
      </div>
    </>
  );
}

function stepStates(progress: AttemptView["progress"]): Record<(typeof steps)[number], StepState> {
  const current = steps.find((step) => !progress[step]);
  const state = (step: (typeof steps)[number]): StepState => (progress[step] ? "done" : step === current ? "running" : "waiting");
  return { verified: state("verified"), exchanged: state("exchanged"), stored: state("stored"), checked: state("checked") };
}
