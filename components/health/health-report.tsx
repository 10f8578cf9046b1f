import { Store } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { AsOf } from "@/components/connections/as-of";
import { ConnectionsTable } from "@/components/support/connections-table";
import { Pager } from "@/components/support/pager";
import { EmptyState } from "@/components/ui/empty-state";
import { attention, type HealthState } from "@/lib/connections/health";
import type { Overview } from "@/lib/connections/overview";
import { StateTiles } from "./state-tiles";

const states = (Object.keys(attention) as HealthState[]).sort((a, b) => attention[a] - attention[b]);

// One sentence first: does anybody have to act. Then the numbers behind it, then every connection.
export function HealthReport({ overview, work }: { overview: Overview; work: ReactNode }) {
  const { counts, behind, rows, asOf, previous, next } = overview;
  const t = useTranslations("health");
  const owners = counts.needs_reconnect + counts.expiring_soon;
  const late = counts.renewal_late + counts.refresh_failing + counts.expired_renewable;
  const total = states.reduce((sum, state) => sum + counts[state], 0);
  const sentence = total === 0 ? t("truth.none") : owners + late === 0 ? t("truth.healthy") : t("truth.some", { owners, late });
  return (
    <>
      <div className="mb-6 space-y-1">
        <p className="max-w-prose text-lg wrap-anywhere">{sentence}</p>
        <AsOf at={asOf} />
        {behind > 0 && <p className="text-sm text-muted">{t("behind", { count: behind })}</p>}
      </div>
      {work}
      <section aria-labelledby="states" className="mb-10">
        <h2 id="states" className="mb-3 text-lg font-semibold">
          {t("states")}
        </h2>
        <StateTiles counts={counts} states={states} />
      </section>
      <section aria-labelledby="expiry">
        <h2 id="expiry" className="mb-3 text-lg font-semibold">
          {t("expiry")}
        </h2>
        {rows.length > 0 ? (
          <ConnectionsTable caption={t("expiry")} rows={rows} asOf={asOf} />
        ) : (
          <EmptyState icon={Store} title={t("empty.title")}>
            <p>{t("empty.text")}</p>
          </EmptyState>
        )}
        <Pager previousHref={previous && `/health?before=${previous}`} nextHref={next && `/health?after=${next}`} />
      </section>
    </>
  );
}
