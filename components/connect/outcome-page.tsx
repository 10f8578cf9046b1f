import { useTranslations } from "next-intl";
import { ConnectionNextStep } from "@/components/connections/connection-next-step";
import { platformLabel, platformText } from "@/components/connections/platform-text";
import type { WayBack } from "@/components/links/back-to-company";
import { Disclosure } from "@/components/ui/disclosure";
import { FocusOnLoad } from "@/components/ui/focus-on-load";
import type { AttemptView } from "@/lib/connections/show-attempt";
import type { ConnectionView } from "@/lib/connections/view";
import { ConnectedFacts } from "./connected-facts";
import { OutcomeActions } from "./outcome-actions";
import { type Outcome, outcomeLook } from "./outcome-look";
import { outcomeParts } from "./outcome-parts";
import { OutcomeReference, OutcomeTitle } from "./outcome-title";

type Props = {
  attempt: AttemptView;
  outcome: Outcome;
  // what came of it, as it is now
  connection: { view: ConnectionView; asOf: Date } | null;
  choose: (form: FormData) => Promise<void>;
  // for whoever came by a connect link: where they go on
  back?: WayBack;
};

/** Outcomes whose cause says more to the merchant than their own text does. */
const TOLD: readonly Outcome[] = ["refused", "used"];
/** Outcomes whose cause helps whoever is asked for help. Who else holds an account is told to nobody. */
const DETAILED: readonly Outcome[] = [...TOLD, "our_fault", "unreachable", "not_matched"];

// What became of an attempt: the outcome is the title, with what it means, one next step and what to quote.
export function OutcomePage({ attempt, outcome, connection, choose, back = null }: Props) {
  const t = useTranslations("result");
  const platforms = useTranslations("platforms");
  const { tone, icon } = outcomeLook[outcome];
  const platform = platformLabel(platforms, attempt);
  const parts = outcomeParts(t, attempt);
  const { provider, troubleCode } = attempt;
  const cause = troubleCode && DETAILED.includes(outcome) ? platformText(platforms, provider, `errors.${troubleCode}`) : null;
  const done = outcome === "connected" || outcome === "renewed";
  return (
    <div className="space-y-6">
      <FocusOnLoad id="title" />
      <OutcomeTitle tone={tone} icon={icon}>
        {t.rich(`outcome.${outcome}.title`, { platform, ...parts })}
      </OutcomeTitle>
      <div className="space-y-3">
        <p>{t.rich(`outcome.${outcome}.text`, { platform, ...parts })}</p>
        {cause && TOLD.includes(outcome) && <p>{cause}</p>}
        {attempt.customerText && <p>{t.rich("says", { platform, text: () => <bdi>{attempt.customerText}</bdi> })}</p>}
        {done && connection && <ConnectionNextStep connection={connection.view} audience="merchant" now={connection.asOf} />}
        {done && <p>{platformText(platforms, provider, "connected")}</p>}
      </div>
      {done && connection && <ConnectedFacts connection={connection.view} platform={platform} />}
      <OutcomeActions attempt={attempt} outcome={outcome} choose={choose} back={back} />
      <OutcomeReference attemptId={attempt.id}>
        {troubleCode && DETAILED.includes(outcome) && (
          <Disclosure summary={t("details")}>
            {cause && !TOLD.includes(outcome) && <p className="text-sm text-muted">{cause}</p>}
            <code dir="ltr" className="text-sm">
              {troubleCode}
            </code>
          </Disclosure>
        )}
      </OutcomeReference>
    </div>
  );
}
