import { useLocale, useNow, useTimeZone, useTranslations } from "next-intl";
import { useId } from "react";
import type { Tone } from "@/components/ui/tone";
import { formatDate, formatPercent } from "@/lib/format";
import { localeOfTag } from "@/lib/locale";
import { ExactTime } from "./exact-time";

type Props = {
  issuedAt: Date;
  runsOutAt: Date;
  // when it renews by itself; absent when it does not
  renewsAt?: Date;
  // the last moment the platform still lets us renew, after access ran out
  lastDayAt?: Date;
  tone: Tone;
  now?: Date;
};

const fill: Record<Tone, string> = {
  positive: "fill-positive",
  info: "fill-info",
  warning: "fill-warning",
  critical: "fill-critical",
  neutral: "fill-neutral",
};

// Issued, renews, runs out, last chance: to scale, from the reading direction's start, and all of it as text.
// For access without these dates there is ExpiryNote.
export function ExpiryBar({ issuedAt, runsOutAt, renewsAt, lastDayAt, tone, now }: Props) {
  const t = useTranslations("expiry");
  const requestNow = useNow();
  const context = { locale: localeOfTag(useLocale()), timeZone: useTimeZone() ?? "UTC", now: now ?? requestNow };
  const hatch = useId();
  const end = lastDayAt && lastDayAt > runsOutAt ? lastDayAt : runsOutAt;
  const share = (at: Date) => {
    const length = end.getTime() - issuedAt.getTime();
    return length > 0 ? Math.min(1, Math.max(0, (at.getTime() - issuedAt.getTime()) / length)) : 1;
  };
  const percent = (at: Date) => `${(share(at) * 100).toFixed(2)}%`;
  const ranOut = context.now >= runsOutAt;
  const points = [
    { label: t("issued"), at: issuedAt },
    renewsAt && { label: t("renews"), at: renewsAt },
    { label: ranOut ? t("ranOut") : t("runsOut"), at: runsOutAt },
    end !== runsOutAt && { label: t("lastDay"), at: end },
  ].filter((point) => !!point);
  const spoken = [
    ...points.map(({ label, at }) => t("point", { label, date: formatDate(at, context) })),
    t("today", { percent: formatPercent(Math.round(share(context.now) * 100) / 100, context.locale) }),
  ].join(" ");
  return (
    <div>
      <svg role="img" aria-label={spoken} width="100%" height="20" className="block overflow-visible rtl:-scale-x-100">
        <defs>
          <pattern id={hatch} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <rect width="2" height="6" className="fill-line-strong" />
          </pattern>
        </defs>
        <rect x="0" y="6" width={percent(runsOutAt)} height="8" rx="4" className="fill-line" />
        {end !== runsOutAt && (
          <rect x={percent(runsOutAt)} y="6" width={`${(100 - share(runsOutAt) * 100).toFixed(2)}%`} height="8" fill={`url(#${hatch})`} />
        )}
        <rect x="0" y="6" width={percent(context.now)} height="8" rx="4" className={`${fill[tone]} opacity-85`} />
        {renewsAt && <Tick at={percent(renewsAt)} className="stroke-muted" />}
        {end !== runsOutAt && <Tick at={percent(runsOutAt)} className="stroke-ink" />}
        <circle cx={percent(context.now)} cy="10" r="6" strokeWidth="3" className={`${fill[tone]} stroke-surface-raised`} />
      </svg>
      <dl className="mt-2 grid grid-cols-2 gap-x-6 gap-y-2 text-sm sm:flex sm:justify-between">
        {points.map(({ label, at }) => (
          <div key={label} className="sm:last:text-end">
            <dt className="text-xs text-muted">{label}</dt>
            <dd className="font-medium">
              <ExactTime at={at} show="day" now={now} />
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

function Tick({ at, className }: { at: string; className: string }) {
  return <line x1={at} x2={at} y1="1" y2="19" strokeWidth="2" className={className} />;
}
