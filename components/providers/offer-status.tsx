import { CircleCheck, CirclePause, FilePen, type LucideIcon, Settings2, TriangleAlert, Unplug } from "lucide-react";
import { useTranslations } from "next-intl";
import { type Tone, toneClass } from "@/components/ui/tone";
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
      {words.map((word) => {
        const { tone, icon: Icon } = look[word];
        return (
          <span
            key={word}
            className={`inline-flex min-h-6 items-center gap-1.5 rounded-full px-2.5 py-0.5 text-xs font-medium whitespace-nowrap ${toneClass[tone]}`}
          >
            <Icon size={14} strokeWidth={2.25} aria-hidden="true" className="shrink-0" />
            {t(word)}
          </span>
        );
      })}
    </span>
  );
}
