import Link from "next/link";
import { useTranslations } from "next-intl";
import { platformLabel } from "@/components/connections/platform-text";
import type { HealthReport } from "@/lib/health/health-report";

// Which platform the times below are of.
export function PlatformFilter({ report }: { report: HealthReport }) {
  const t = useTranslations("health");
  const platforms = useTranslations("platforms");
  const choices = [
    { slug: null, label: t("allPlatforms") },
    ...Object.entries(report.names).map(([slug, name]) => ({ slug, label: platformLabel(platforms, name) })),
  ];
  return (
    <nav aria-label={t("platform")} className="mb-6 flex flex-wrap gap-2">
      {choices.map(({ slug, label }) => (
        <Link
          key={slug ?? ""}
          href={slug === null ? "/health#times" : `/health?platform=${slug}#times`}
          prefetch={false}
          aria-current={report.offer === slug ? "true" : undefined}
          className="inline-flex min-h-8 items-center rounded-md border border-line px-3 text-sm text-muted hover:border-line-strong hover:text-ink aria-[current=true]:border-line-strong aria-[current=true]:bg-accent-surface aria-[current=true]:text-ink"
        >
          <bdi>{label}</bdi>
        </Link>
      ))}
    </nav>
  );
}
