import Link from "next/link";
import { useTranslations } from "next-intl";
import { ExactTime } from "@/components/connections/exact-time";
import type { OpenAlertView } from "@/lib/alerts/show-alerts";

// What is the matter now, each cause once.
export function OpenAlerts({ open, asOf }: { open: OpenAlertView[]; asOf: Date }) {
  const t = useTranslations("alerts.open");
  if (open.length === 0) return null;
  return (
    <section aria-labelledby="open-title" className="mb-8 rounded-lg border border-warning/40 bg-warning-surface p-5">
      <h2 id="open-title" className="font-semibold text-warning">
        {t("title")}
      </h2>
      <ul className="mt-1 divide-y divide-warning/25">
        {open.map(({ id, headline, path, openedAt }) => (
          <li key={id} className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1 py-2">
            <Link href={path} prefetch={false} className="link inline-flex min-h-6 items-center font-medium">
              {headline}
            </Link>
            <span className="text-sm">{t.rich("since", { time: () => <ExactTime at={openedAt} now={asOf} /> })}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
