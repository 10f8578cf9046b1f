import { useTranslations } from "next-intl";
import { ExactTime } from "./exact-time";

type Props = { now?: Date } & ({ kind: "on_demand"; fetchedAt?: Date } | { kind: "no_end"; issuedAt?: Date });

// In place of a bar: access that is fetched when needed has no end to draw, and an unknown end is never
// drawn as a full bar.
export function ExpiryNote({ now, ...facts }: Props) {
  const t = useTranslations("expiry");
  const at = facts.kind === "on_demand" ? facts.fetchedAt : facts.issuedAt;
  const time = () => at && <ExactTime at={at} show={facts.kind === "on_demand" ? "relative" : "day"} now={now} />;
  const key = facts.kind === "on_demand" ? "onDemand" : "noEnd";
  return <p className="border-s-2 border-dashed border-line-strong ps-3">{at ? t.rich(`${key}Dated`, { time }) : t(key)}</p>;
}
