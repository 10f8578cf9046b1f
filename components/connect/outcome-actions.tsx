import { useTranslations } from "next-intl";
import { SubmitButton } from "@/components/forms/submit-button";
import { BackToCompany, type WayBack } from "@/components/links/back-to-company";
import { ButtonLink } from "@/components/ui/button-link";
import type { AttemptView } from "@/lib/connections/show-attempt";
import { againHref } from "./again-href";
import { connectBase } from "./connect-base";
import { type Outcome, outcomeLook } from "./outcome-look";
import { outcomeParts } from "./outcome-parts";

type Props = { attempt: AttemptView; outcome: Outcome; choose: (form: FormData) => Promise<void>; back: WayBack };

// The one next step, and the way home beside it.
export function OutcomeActions({ attempt, outcome, choose, back }: Props) {
  const t = useTranslations("result");
  const { next } = outcomeLook[outcome];
  if (next === "choose") return <AccountChoice attempt={attempt} choose={choose} />;
  const mine = attempt.link === null ? { href: "/connections", label: t("mine") } : null;
  const own = attempt.link === null && attempt.store;
  const steps = {
    store: own ? { href: `/connections/${own.id}`, label: t("see") } : mine,
    tryAgain: { href: againHref(attempt), label: t("tryAgain") },
    startAgain: { href: againHref(attempt), label: t("startAgain") },
    tryLater: { href: againHref(attempt), label: t("tryLater") },
    newer: attempt.newerAttemptId
      ? { href: `${connectBase(attempt.link)}/result/${attempt.newerAttemptId}`, label: t("outcome.replaced.action") }
      : mine,
    mine,
  };
  const step = steps[next];
  return (
    <div className="flex flex-wrap gap-3">
      {step && (
        <ButtonLink href={step.href} prefetch={false} tone="primary" className="max-sm:w-full">
          {step.label}
        </ButtonLink>
      )}
      {attempt.link && <BackToCompany back={back} primary={step === null} />}
      {mine && step !== mine && (
        <ButtonLink href={mine.href} className="max-sm:w-full">
          {mine.label}
        </ButtonLink>
      )}
    </div>
  );
}

function AccountChoice({ attempt, choose }: Omit<Props, "outcome" | "back">) {
  const t = useTranslations("result.outcome.different_account");
  const parts = outcomeParts(useTranslations("result"), attempt);
  const choices = [
    { choice: "keep", label: t.rich("keep", parts), text: t.rich("keepText", parts), tone: "primary" },
    { choice: "add", label: t.rich("add", parts), text: t.rich("addText", parts), tone: "secondary" },
  ] as const;
  // A link that is for one store adds no other.
  const open = choices.filter(({ choice }) => choice === "keep" || attempt.link === null || !attempt.reconnecting);
  return (
    <section aria-labelledby="choices" className="space-y-4">
      <h2 id="choices" className="text-lg font-semibold">
        {t("choices")}
      </h2>
      <div className="grid gap-4 sm:grid-cols-2">
        {open.map(({ choice, label, text, tone }) => (
          <form
            key={choice}
            action={choose}
            className="flex flex-col justify-between gap-4 rounded-lg border border-line bg-surface-raised p-4"
          >
            <input type="hidden" name="attemptId" value={attempt.id} />
            <input type="hidden" name="choice" value={choice} />
            {attempt.link && <input type="hidden" name="link" value={attempt.link} />}
            <p className="text-sm text-muted">{text}</p>
            <SubmitButton tone={tone} className="w-full">
              <span>{label}</span>
            </SubmitButton>
          </form>
        ))}
      </div>
    </section>
  );
}
