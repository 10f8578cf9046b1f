import { useTranslations } from "next-intl";
import { Notice } from "@/components/ui/notice";
import type { Silence } from "@/lib/health/worker-silence";

const MINUTE_S = 60;
const HOUR_S = 60 * MINUTE_S;
const DAY_S = 24 * HOUR_S;

// Ours to mend as well, and said on every page of staff: whatever else stands there is only true of then.
export function SilenceBanner({ silence, admin }: { silence: Silence | null; admin: boolean }) {
  const t = useTranslations("silence");
  if (!silence) return null;
  const code = (text: string) => () => (
    <code dir="ltr" className="wrap-anywhere">
      {text}
    </code>
  );
  return (
    <div className="mb-6">
      <Notice tone="critical" title={title(t, silence.forS)}>
        <p>{t("text")}</p>
        <p className="text-sm">
          {admin ? t.rich("admin", { command: code("npm start -- --worker-only"), path: code("/api/cron/renew") }) : t("support")}
        </p>
      </Notice>
    </div>
  );
}

function title(t: ReturnType<typeof useTranslations<"silence">>, forS: number | null): string {
  if (forS === null) return t("title.never");
  if (forS < 2 * HOUR_S) return t("title.minutes", { n: Math.floor(forS / MINUTE_S) });
  if (forS < 2 * DAY_S) return t("title.hours", { n: Math.floor(forS / HOUR_S) });
  return t("title.days", { n: Math.floor(forS / DAY_S) });
}
