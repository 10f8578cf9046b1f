import { useTranslations } from "next-intl";
import { platformLabel } from "@/components/connections/platform-text";
import { Cell, HeadCell, Row, Table } from "@/components/ui/table";
import type { HealthReport } from "@/lib/health/health-report";
import { type Span, spans } from "@/lib/health/horizon";
import { CountLink } from "./count-link";
import { rowsHref, span } from "./rows-href";
import { useChartFormat } from "./use-chart-format";

// How long everything would last without another renewal.
export function HorizonTable({ report }: { report: HealthReport }) {
  const t = useTranslations("health.horizon");
  const platforms = useTranslations("platforms");
  const { zone, asOf, first, horizon, names } = report;
  const { day, clock, number } = useChartFormat(zone, asOf);
  const moment = (at: Date) => `${day(at)} ${clock(at)}`;
  const renewed = horizon.offers.filter(({ onDemand }) => !onDemand);
  const onDemand = horizon.offers.filter((row) => row.onDemand);
  const firstOf = (offers: readonly string[]) =>
    offers.flatMap((offer) => first.get(offer) ?? []).sort((a, b) => a.getTime() - b.getTime())[0];
  const earliest = firstOf(renewed.map(({ offer }) => offer));
  const total = (of: Span) => renewed.reduce((sum, { stops }) => sum + stops[of], 0);
  const name = (offer: string) => (
    <bdi key={offer}>{platformLabel(platforms, names[offer] ?? { provider: offer, platformName: null })}</bdi>
  );
  const head = (of: Span) => t("by", { span: of, time: moment(horizon.until[of]) });
  return (
    <div className="space-y-3">
      <p className="max-w-prose">
        {earliest
          ? t("finding", { first: moment(earliest), day: number(total("day")), month: number(total("month")), n: total("day") })
          : t("nothing")}
      </p>
      {renewed.length > 0 && (
        <Table
          caption={t("title")}
          cardsUnder="wide"
          head={[
            <HeadCell key="platform">{t("platform")}</HeadCell>,
            ...spans.map((of) => (
              <HeadCell key={of}>
                <span className="block w-24 whitespace-normal">{head(of)}</span>
              </HeadCell>
            )),
            <HeadCell key="first">
              <span className="block w-24 whitespace-normal">{t("first")}</span>
            </HeadCell>,
          ]}
        >
          {renewed.map(({ offer, stops }) => {
            const at = first.get(offer);
            return (
              <Row key={offer}>
                <Cell className="font-medium">{name(offer)}</Cell>
                {spans.map((of) => (
                  <Cell key={of} label={head(of)}>
                    <CountLink
                      n={stops[of]}
                      href={rowsHref({ offer, renews: true, runsOut: span(horizon.from, horizon.until[of]), sort: "runs_out" })}
                    />
                  </Cell>
                ))}
                <Cell label={t("first")} none={!at}>
                  {at ? moment(at) : <span className="text-muted">—</span>}
                </Cell>
              </Row>
            );
          })}
        </Table>
      )}
      {onDemand.length > 0 && (
        <p className="max-w-prose text-sm text-muted">
          {t.rich("onDemand", { platforms: () => onDemand.map(({ offer }, index) => [index > 0 && " · ", name(offer)]) })}
        </p>
      )}
    </div>
  );
}
