import { useTranslations } from "next-intl";
import { toneClass } from "@/components/ui/tone";
import { type Audience, merchantWord, type State, stateLook } from "./state-words";

type Props = { state: State; audience: Audience };

export function StatePill({ state, audience }: Props) {
  const t = useTranslations();
  const working = audience === "merchant" && merchantWord[state] === "working";
  const { tone, icon: Icon } = stateLook[working ? "healthy" : state];
  return (
    <span
      className={`inline-flex min-h-6 items-center gap-1.5 rounded-full px-2.5 py-0.5 text-xs font-medium whitespace-nowrap cards:whitespace-normal forced-colors:border ${toneClass[tone]}`}
    >
      <Icon size={14} strokeWidth={2.25} aria-hidden="true" className="shrink-0" />
      {audience === "merchant" ? t(`merchantState.${merchantWord[state]}`) : t(`state.${state}`)}
    </span>
  );
}
