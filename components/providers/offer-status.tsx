import { CircleCheck, CirclePause, FilePen, type LucideIcon, Settings2, TriangleAlert, Unplug } from "lucide-react";
import { useTranslations } from "next-intl";
import { Pill } from "@/components/ui/pill";
import type { Tone } from "@/components/ui/tone";
import type { OfferSummary } from "@/lib/offers/show-offers";

type Word = OfferSummary["status"] | "held" | "failing" | "incident";

const look: Record<Word, { tone: Tone; icon: LucideIcon }> = {
  incident: { tone: "critical", icon: Unplug },
  failing: { tone: "warning", icon: TriangleAlert },
  held: { tone: "info", icon: CirclePause },
  draft: { tone: "neutral", icon: FilePen },
  published: { tone: "positive", icon: CircleCheck },
  variables: { tone: "positive", icon: Settings2 },
};

// What it is, and whatever is the matter with it.
export function OfferStatus({ offer }: { offer: Pick<OfferSummary, "status" | "held" | "failing" | "incident"> }) {
  const t = useTranslations("providers.status");
  const words: Word[] = [
    offer.status,
    ...(offer.incident ? (["incident"] as const) : []),
    ...(offer.held ? (["held"] as const) : []),
    ...(offer.failing ? (["failing"] as const) : []),
  ];
  return (
    <span className="flex flex-wrap gap-1.5">
      {words.map((word) => (
        <Pill key={word} {...look[word]} strokeWidth={2.25}>
          {t(word)}
        </Pill>
      ))}
    </span>
  );
}
