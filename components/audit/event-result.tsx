import { Ban, CircleCheck } from "lucide-react";
import { useTranslations } from "next-intl";
import { Pill } from "@/components/ui/pill";

export function EventResult({ denied }: { denied: boolean }) {
  const t = useTranslations("audit.result");
  return (
    <Pill tone={denied ? "critical" : "neutral"} icon={denied ? Ban : CircleCheck}>
      {t(denied ? "denied" : "done")}
    </Pill>
  );
}
