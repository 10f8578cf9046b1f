import { useTranslations } from "next-intl";
import { useId } from "react";
import { formatCompact } from "@/lib/format";
import type { ExpiryDay } from "@/lib/health/expiry-days";
import { ChartFigure, ChartTable } from "./chart-figure";
import { CountLink } from "./count-link";
import { rowsHref, span } from "./rows-href";
import { useChartFormat } from "./use-chart-format";

type Props = { days: readonly ExpiryDay[]; zone: string; asOf: Date; offer: string | null };

/** A bar can be hit: 24 px wide, whatever is counted. */
const PITCH = 24;
const BAR = 16;
const UP = 130;
const DOWN = 56;
const TOP = 22;
const LABELS = 24;

// When access runs out, day by day: upwards what renews by itself, downwards and hatched what does not.
export function ExpiryHistogram({ days, zone, asOf, offer }: Props) {
  const t = useTranslations("health.expiry");
  const { rtl, day } = useChartFormat(zone, asOf);
  const hatch = useId();
  const [renews, ends] = [sum(days, "renews"), sum(days, "ends")];
  const worst = days.reduce<ExpiryDay | null>((most, one) => (one.ends > (most?.ends ?? 0) ? one : most), null);
  const href = ({ from, to }: ExpiryDay, yes: boolean) => rowsHref({ runsOut: span(from, to), renews: yes, offer, sort: "runs_out" });
  const width = days.length * PITCH;
  const scale = scaleOf(days);
  const axis = TOP + UP;
  const onDemand = sum(days, "onDemand");
  const finding = t("finding", { total: renews + ends, renews, ends, worst: worst?.ends ?? 0, day: worst ? day(worst.from) : "" });
  const table = (
    <ChartTable
      caption={t("title")}
      head={[t("day"), t("renews"), t("ends")]}
      rows={days.map((one) => ({
        key: one.from.toISOString(),
        cells: [
          day(one.from),
          <CountLink end key="renews" n={one.renews} href={href(one, true)} />,
          <CountLink end key="ends" n={one.ends} href={href(one, false)} />,
        ],
      }))}
    />
  );
  return (
    <ChartFigure
      finding={finding}
      label={t("title")}
      keys={[t("up"), t("down"), ...(onDemand > 0 ? [t("onDemand", { n: onDemand })] : [])]}
      table={table}
    >
      {/* biome-ignore lint/a11y/noSvgWithoutTitle: the group around it is named, and each bar is */}
      <svg width={width} height={axis + DOWN + LABELS} className="block">
        <defs>
          <pattern id={hatch} width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <rect width="5" height="5" className="fill-critical-surface" />
            <rect width="2.5" height="5" className="fill-critical" />
          </pattern>
        </defs>
        {days.map((one, index) => {
          const x = rtl ? width - (index + 1) * PITCH : index * PITCH;
          const up = Math.min(UP, one.renews / scale.perPixel);
          const tall = { y: axis - Math.max(up, 2), height: Math.max(up, 2) };
          const deep = { y: axis + 1, height: Math.max(one.ends / scale.perPixel, 3) };
          const bar = { x: x + (PITCH - BAR) / 2, width: BAR };
          const peak = one === scale.peak || one.renews / scale.perPixel > UP;
          return (
            <g key={one.from.toISOString()}>
              {one.renews > 0 && (
                <Mark href={href(one, true)} label={t("barRenews", { n: one.renews, day: day(one.from) })} area={{ x, y: TOP, height: UP }}>
                  <rect {...bar} {...tall} className="fill-positive/75 group-hover:fill-positive" />
                  {up === UP && one !== scale.peak && (
                    <line x1={x + 2} x2={x + PITCH - 2} y1={TOP + 14} y2={TOP + 8} strokeWidth="4" className="stroke-surface" />
                  )}
                </Mark>
              )}
              {one.ends > 0 && (
                <Mark href={href(one, false)} label={t("barEnds", { n: one.ends, day: day(one.from) })} area={{ x, y: axis, height: DOWN }}>
                  <rect {...bar} {...deep} fill={`url(#${hatch})`} className="stroke-critical" />
                </Mark>
              )}
              {peak && (
                <text x={x + PITCH / 2} y={tall.y - 6} textAnchor="middle" className="fill-muted text-xs">
                  {formatCompact(one.renews)}
                </text>
              )}
              {one === worst && (
                <text x={x + PITCH / 2} y={deep.y + deep.height + 15} textAnchor="middle" className="fill-critical text-xs">
                  {formatCompact(one.ends)}
                </text>
              )}
            </g>
          );
        })}
        <line x1="0" x2={width} y1={axis} y2={axis} className="stroke-line-strong" />
        {days.map((one, index) => (
          <DayLabel
            key={one.from.toISOString()}
            index={index}
            count={days.length}
            rtl={rtl}
            width={width}
            y={axis + DOWN + LABELS - 6}
            text={day(one.from)}
          />
        ))}
      </svg>
    </ChartFigure>
  );
}

type MarkProps = { href: string; label: string; area: { x: number; y: number; height: number }; children: React.ReactNode };

function Mark({ href, label, area, children }: MarkProps) {
  return (
    <a href={href} aria-label={label} className="group">
      <title>{label}</title>
      <rect
        {...area}
        width={PITCH}
        className="fill-transparent group-hover:fill-surface-sunken group-focus-visible:stroke-focus group-focus-visible:stroke-2"
      />
      {children}
    </a>
  );
}

type LabelProps = { index: number; count: number; rtl: boolean; width: number; y: number; text: string };

// The first day, the last, and one a week between them.
function DayLabel({ index, count, rtl, width, y, text }: LabelProps) {
  const last = index === count - 1;
  if (!last && (index % 7 !== 0 || index > count - 4)) return null;
  const from = last ? count * PITCH : index * PITCH;
  // The anchor follows the text's own direction, and so does the axis.
  return (
    <text x={rtl ? width - from : from} y={y} textAnchor={last ? "end" : "start"} className="fill-muted text-xs">
      {text}
    </text>
  );
}

const sum = (days: readonly ExpiryDay[], what: "renews" | "ends" | "onDemand"): number => days.reduce((total, day) => total + day[what], 0);

/** One scale for both sides. A day that towers over all others is cut, and says its number. */
function scaleOf(days: readonly ExpiryDay[]): { perPixel: number; peak: ExpiryDay | null } {
  const [first, second] = days.toSorted((one, other) => other.renews - one.renews);
  const most = first?.renews ?? 0;
  const next = second?.renews ?? 0;
  const top = next > 0 && most > 4 * next ? next * 1.5 : most;
  const worst = Math.max(...days.map(({ ends }) => ends), 0);
  return { perPixel: Math.max(top / UP, worst / (DOWN - 20), 1 / UP), peak: most > 0 ? (first ?? null) : null };
}
