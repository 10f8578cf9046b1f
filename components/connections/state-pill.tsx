import { useTranslations } from "next-intl";
import { Pill } from "@/components/ui/pill";
import { type Audience, merchantWord, type State, stateLook } from "./state-words";

type Props = { state: State; audience: Audience };

export function StatePill({ state, audience }: Props) {
  const t = useTranslations();
  const working = audience === "merchant" && merchantWord[state] === "working";
  const { tone, icon } = stateLook[working ? "healthy" : state];
  return (
    <Pill tone={tone} icon={icon} strokeWidth={2.25} className="pill-state">
      {audience === "merchant" ? t(`merchantState.${merchantWord[state]}`) : t(`state.${state}`)}
    </Pill>
  );
}
