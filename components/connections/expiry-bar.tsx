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

type Point = { key: keyof typeof swatch; label: string; at: Date };

// The dates' keys are drawn as their marks on the bar are.
const swatch = {
  start: "border-line",
  tick: "border-muted",
  end: "border-ink",
  grace: "border-dotted border-line-strong",
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
  const points: Point[] = [
    { key: "start", label: t("issued"), at: issuedAt },
    ...(renewsAt ? [{ key: "tick" as const, label: t("renews"), at: renewsAt }] : []),
    { key: "end", label: ranOut ? t("ranOut") : t("runsOut"), at: runsOutAt },
    ...(end === runsOutAt ? [] : [{ key: "grace" as const, label: t("lastDay"), at: end }]),
  ];
  const day = (at: Date | undefined) => (at ? formatDate(at, context) : "none");
  const spoken = t("spoken", {
    issued: day(issuedAt),
    renews: day(renewsAt),
    over: ranOut ? "yes" : "no",
    end: day(runsOutAt),
    last: end === runsOutAt ? "none" : day(end),
    percent: formatPercent(share(context.now), context.locale),
  });
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
        <Tick at={percent(runsOutAt)} className="stroke-ink" />
        <circle cx={percent(context.now)} cy="10" r="6" strokeWidth="3" className={`${fill[tone]} stroke-surface-raised`} />
      </svg>
      <dl className="mt-3 flex flex-wrap gap-x-10 gap-y-2 text-sm">
        {points.map(({ key, label, at }) => (
          <div key={key} className={`border-s-4 ps-2.5 ${swatch[key]}`}>
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
