import { useTranslations } from "next-intl";
import { Notice } from "@/components/ui/notice";
import type { ConnectionView } from "@/lib/connections/view";
import { ExactTime } from "./exact-time";
import { platformLabel } from "./platform-text";

// Calm words in place of alarms, once for each platform whose renewals an admin holds back.
export function HeldStores({ rows }: { rows: readonly ConnectionView[] }) {
  const t = useTranslations("connections.held");
  const platforms = useTranslations("platforms");
  const each = new Map(rows.flatMap((row) => (row.paused ? [[row.offer, { ...row, paused: row.paused }] as const] : [])));
  if (each.size === 0) return null;
  return (
    <div className="mb-6 space-y-3">
      {[...each.values()].map((row) => (
        <Notice key={row.offer} tone="info" title={t.rich("title", { platform: () => <bdi>{platformLabel(platforms, row)}</bdi> })}>
          <p>
            <bdi>{row.paused.reason}</bdi>
          </p>
          <p className="text-sm">{t.rich("text", { time: () => <ExactTime at={row.paused.until} /> })}</p>
        </Notice>
      ))}
    </div>
  );
}
