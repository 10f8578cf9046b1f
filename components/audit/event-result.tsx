import { Ban, CircleCheck } from "lucide-react";
import { useTranslations } from "next-intl";
import { toneClass } from "@/components/ui/tone";

export function EventResult({ denied }: { denied: boolean }) {
  const t = useTranslations("audit.result");
  const Icon = denied ? Ban : CircleCheck;
  return (
    <span
      className={`inline-flex min-h-6 items-center gap-1.5 rounded-full px-2.5 py-0.5 text-xs font-medium whitespace-nowrap ${toneClass[denied ? "critical" : "neutral"]}`}
    >
      <Icon size={14} aria-hidden="true" className="shrink-0" />
      {t(denied ? "denied" : "done")}
    </span>
  );
}
