import { useLocale, useTranslations } from "next-intl";
import { formatAgo } from "@/lib/format";
import type { HealthReport } from "@/lib/health/health-report";
import { late, needsOwner } from "@/lib/health/platform-rows";
import { localeOfTag } from "@/lib/locale";

/** Whom things wait for, worst first. */
export type Verdict = "none" | "silent" | "refused" | "late" | "failing" | "healthy";

export const sumOf = (counts: HealthReport["counts"], states: readonly (keyof HealthReport["counts"])[]): number =>
  states.reduce((sum, state) => sum + counts[state], 0);

export function verdictOf({ counts, platforms, worker }: HealthReport): Verdict {
  if (platforms.every(({ counts: own }) => Object.values(own).every((n) => n === 0))) return "none";
  if (worker.silent) return "silent";
  if (platforms.some(({ incident }) => incident && !incident.closedAt)) return "refused";
  if (sumOf(counts, late) > 0) return "late";
  return counts.refresh_failing > 0 ? "failing" : "healthy";
}

/** How many connections wait for somebody to act. */
export const waiting = ({ counts }: HealthReport): number => sumOf(counts, needsOwner) + sumOf(counts, late) + counts.refresh_failing;

// Is anything on fire? One sentence, before all numbers.
export function Truth({ report, wall }: { report: HealthReport; wall: boolean }) {
  const t = useTranslations("health");
  const locale = localeOfTag(useLocale());
  const { counts, worker, asOf } = report;
  const verdict = verdictOf(report);
  const agoS = worker.lastRoundAt ? (asOf.getTime() - worker.lastRoundAt.getTime()) / 1_000 : null;
  const sentence = t("truth", {
    verdict,
    owners: sumOf(counts, needsOwner),
    late: sumOf(counts, late),
    worked: agoS === null ? "never" : "ago",
    ago: agoS === null ? "" : formatAgo(Math.max(0, agoS), locale),
  });
  const ink = verdict === "healthy" || verdict === "none" ? "" : verdict === "failing" ? "text-warning" : "text-critical";
  return <p className={`wrap-anywhere ${wall ? "text-xl font-semibold" : "max-w-prose text-lg"} ${ink}`}>{sentence}</p>;
}
