import { useTranslations } from "next-intl";
import { ExactTime } from "@/components/connections/exact-time";
import { platformLabel } from "@/components/connections/platform-text";
import { troubleText } from "@/components/connections/trouble-text";
import { Notice } from "@/components/ui/notice";
import type { IncidentView } from "@/lib/connections/open-incidents";

// Ours to mend: said on every page of staff, so that nobody sends a merchant to reconnect what is not theirs.
export function IncidentBanner({ incidents }: { incidents: readonly IncidentView[] }) {
  const t = useTranslations("incident");
  const connection = useTranslations("connection");
  const platforms = useTranslations("platforms");
  if (incidents.length === 0) return null;
  return (
    <div className="mb-6 space-y-3">
      {incidents.map((incident) => (
        <Notice
          key={incident.id}
          tone="critical"
          title={t.rich("title", { platform: () => <bdi>{platformLabel(platforms, incident)}</bdi> })}
        >
          <p>{troubleText(connection, platforms, { provider: incident.provider, trouble: "operator", code: incident.code })}</p>
          <p className="text-sm">{t.rich("text", { time: () => <ExactTime at={incident.openedAt} /> })}</p>
        </Notice>
      ))}
    </div>
  );
}
