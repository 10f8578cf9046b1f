import { useTranslations } from "next-intl";
import { formatCompact } from "@/lib/format";
import type { DueCell, DueDay } from "@/lib/health/due-days";
import { ChartFigure, ChartTable } from "./chart-figure";
import { CountLink } from "./count-link";
import { rowsHref, span } from "./rows-href";
import { useChartFormat } from "./use-chart-format";

type Props = { days: readonly DueDay[]; zone: string; asOf: Date; offer: string | null };

const CELL = 38;
const HIGH = 28;
const NAMES = 96;
const HOURS = 20;
/** From a fifth of the most on, a step darker each; the number in a cell says the rest. */
const shades = ["fill-accent/8", "fill-accent/15", "fill-accent/23", "fill-accent/31", "fill-accent/40"] as const;

// How many renewals are due in each hour of the next days, by the reader's clock.
export function DueHeatMap({ days, zone, asOf, offer }: Props) {
  const t = useTranslations("health.due");
  const { rtl, day, weekday, clock } = useChartFormat(zone, asOf);
  const cells = days.flatMap((one) => one.cells.filter((cell) => cell !== null));
  const worst = cells.reduce<DueCell | null>((most, one) => (one.n > (most?.n ?? 0) ? one : most), null);
  const total = cells.reduce((sum, { n }) => sum + n, 0);
  const href = ({ from, to }: { from: Date; to: Date }) => rowsHref({ due: span(from, to), offer });
  const width = NAMES + 24 * CELL;
  const at = (start: number, wide: number) => (rtl ? width - start - wide : start);
  const label = (cell: DueCell) => t("cell", { n: cell.n, day: day(cell.from), from: clock(cell.from), to: clock(cell.to) });
  const finding = t("finding", { total, worst: worst?.n ?? 0, day: worst ? day(worst.from) : "", from: worst ? clock(worst.from) : "" });
  const table = (
    <ChartTable
      caption={t("title")}
      head={[t("day"), t("hour"), t("n")]}
      rows={cells
        .filter(({ n }) => n > 0)
        .map((cell) => ({
          key: cell.from.toISOString(),
          cells: [day(cell.from), `${clock(cell.from)}–${clock(cell.to)}`, <CountLink end key="n" n={cell.n} href={href(cell)} />],
        }))}
    />
  );
  return (
    <ChartFigure finding={finding} label={t("title")} table={total > 0 && table}>
      {/* biome-ignore lint/a11y/noSvgWithoutTitle: the group around it is named, and each cell is */}
      <svg width={width} height={HOURS + days.length * HIGH} className="block">
        {Array.from({ length: 8 }, (_, index) => index * 3).map((hour) => (
          <text key={hour} x={at(NAMES + hour * CELL, CELL) + CELL / 2} y={HOURS - 6} textAnchor="middle" className="fill-muted text-xs">
            {String(hour).padStart(2, "0")}
          </text>
        ))}
        {days.map((one, row) => (
          <g key={one.from.toISOString()}>
            <text x={at(0, 0)} y={HOURS + row * HIGH + 19} className="fill-ink text-xs">
              {`${weekday(one.from)} ${day(one.from)}`}
            </text>
            {one.cells.map((cell, hour) => {
              const place = { x: at(NAMES + hour * CELL, CELL), y: HOURS + row * HIGH };
              // biome-ignore lint/suspicious/noArrayIndexKey: an hour is its place
              if (!cell?.n) return <rect key={hour} {...inner(place)} className="fill-transparent stroke-line" />;
              return (
                // biome-ignore lint/suspicious/noArrayIndexKey: an hour is its place
                <g key={hour}>
                  <a href={href(cell)} aria-label={label(cell)} className="group">
                    <title>{label(cell)}</title>
                    <rect {...place} width={CELL} height={HIGH} className="fill-transparent" />
                    <rect
                      {...inner(place)}
                      className={`${shade(cell.n, worst?.n ?? 1)} stroke-line group-hover:stroke-line-strong group-focus-visible:stroke-focus group-focus-visible:stroke-2`}
                    />
                  </a>
                  {/* Beside the link and not in it, whose name says the number whole. */}
                  <text x={place.x + CELL / 2} y={place.y + 18} textAnchor="middle" className="pointer-events-none fill-ink text-xs">
                    {formatCompact(cell.n)}
                  </text>
                </g>
              );
            })}
          </g>
        ))}
      </svg>
    </ChartFigure>
  );
}

const inner = ({ x, y }: { x: number; y: number }) => ({ x: x + 1, y: y + 1, width: CELL - 2, height: HIGH - 2, rx: 4 });

const shade = (n: number, most: number) => shades[Math.min(shades.length - 1, Math.floor((n / most) * shades.length))];
