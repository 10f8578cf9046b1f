import Link from "next/link";
import { useLocale, useTranslations } from "next-intl";
import { stateLook } from "@/components/connections/state-words";
import type { HealthState } from "@/lib/connections/health";
import { formatNumber } from "@/lib/format";
import { localeOfTag } from "@/lib/locale";

type Props = { counts: Record<HealthState, number>; states: readonly HealthState[] };

// How many are in each state; each number leads to exactly those.
export function StateTiles({ counts, states }: Props) {
  const t = useTranslations("state");
  const locale = localeOfTag(useLocale());
  return (
    <ul className="grid grid-cols-2 gap-3 sm:grid-cols-3 wide:grid-cols-5">
      {states.map((state) => {
        const { icon: Icon, tone } = stateLook[state];
        const count = counts[state];
        return (
          <li key={state}>
            <Link
              href={`/support?state=${state}`}
              prefetch={false}
              className="flex h-full min-h-11 flex-col gap-1 rounded-lg border border-line bg-surface-raised p-4 hover:border-line-strong"
            >
              <span className={`text-xl font-semibold tabular-nums ${count === 0 ? "text-muted" : ink[tone]}`}>
                {formatNumber(count, locale)}
              </span>
              <span className="flex items-start gap-1.5 text-sm text-muted">
                <Icon size={16} aria-hidden="true" className="mt-0.5 shrink-0" />
                {t(state)}
              </span>
            </Link>
          </li>
        );
      })}
    </ul>
  );
}

const ink = { positive: "text-positive", info: "text-info", warning: "text-warning", critical: "text-critical", neutral: "text-ink" };
