import { ClockAlert, Gauge, HeartPulse, type LucideIcon, RefreshCwOff, UserRound } from "lucide-react";
import Link from "next/link";
import { useLocale, useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { platformLabel } from "@/components/connections/platform-text";
import { formatAgo, formatNumber } from "@/lib/format";
import type { HealthReport } from "@/lib/health/health-report";
import { late, needsOwner } from "@/lib/health/platform-rows";
import { localeOfTag } from "@/lib/locale";
import { rowsHref } from "./rows-href";
import { sumOf } from "./truth";

type Tone = "quiet" | "warning" | "critical";
const ink: Record<Tone, string> = { quiet: "text-muted", warning: "text-warning", critical: "text-critical" };

// Who must act on how many, each a way to exactly those.
export function HealthTiles({ report, wall }: { report: HealthReport; wall: boolean }) {
  const t = useTranslations("health.tiles");
  const platforms = useTranslations("platforms");
  const locale = localeOfTag(useLocale());
  const { counts, worker, budgets, asOf } = report;
  const number = (n: number) => formatNumber(n, locale);
  const [owners, lates, failing] = [sumOf(counts, needsOwner), sumOf(counts, late), counts.refresh_failing];
  const lateAt = report.platforms.filter((row) => sumOf(row.counts, late) > 0);
  const held = budgets.filter(({ freeInS }) => freeInS > 0).length;
  const agoS = worker.lastRoundAt && (asOf.getTime() - worker.lastRoundAt.getTime()) / 1_000;
  return (
    <ul className={`grid grid-cols-2 gap-3 rail:grid-cols-5 ${wall ? "rail:gap-6" : ""}`}>
      <Tile icon={UserRound} name={t("owners")} href={rowsHref({ states: needsOwner })} tone={owners > 0 ? "critical" : "quiet"}>
        {number(owners)}
      </Tile>
      <Tile
        icon={ClockAlert}
        name={t("late")}
        href={rowsHref({ states: late })}
        tone={lates > 0 ? "critical" : "quiet"}
        more={lateAt.map(({ offer, counts: own }) => (
          <span key={offer} className="block">
            <bdi>{platformLabel(platforms, report.names[offer] ?? { provider: offer, platformName: null })}</bdi> {number(sumOf(own, late))}
          </span>
        ))}
      >
        {number(lates)}
      </Tile>
      <Tile
        icon={RefreshCwOff}
        name={t("failing")}
        href={rowsHref({ states: ["refresh_failing"] })}
        tone={failing > 0 ? "warning" : "quiet"}
      >
        {number(failing)}
      </Tile>
      <Tile icon={HeartPulse} name={t("worker")} href="#worker" tone={worker.silent ? "critical" : "quiet"}>
        {agoS === null ? t("never") : formatAgo(Math.max(0, agoS), locale)}
      </Tile>
      <Tile icon={Gauge} name={t("budgets")} href="#budgets" tone={held > 0 ? "warning" : "quiet"}>
        {number(held)}
      </Tile>
    </ul>
  );
}

type TileProps = { icon: LucideIcon; name: string; href: string; tone: Tone; more?: ReactNode; children: ReactNode };

function Tile({ icon: Icon, name, href, tone, more, children }: TileProps) {
  return (
    <li>
      <Link
        href={href}
        prefetch={false}
        className="flex h-full min-h-11 flex-col gap-1 rounded-lg border border-line bg-surface-raised p-3 hover:border-line-strong sm:p-4"
      >
        <span className={`text-xl font-semibold tabular-nums ${ink[tone]}`}>{children}</span>
        <span className="flex items-start gap-1.5 text-sm text-muted">
          <Icon size={16} aria-hidden="true" className="mt-0.5 shrink-0" />
          {name}
        </span>
        {more && <span className="text-xs text-muted">{more}</span>}
      </Link>
    </li>
  );
}
