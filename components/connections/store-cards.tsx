import Link from "next/link";
import { useTranslations } from "next-intl";
import { ProviderTile } from "@/components/ui/provider-tile";
import type { ConnectionView } from "@/lib/connections/view";
import { ConnectionNextStep } from "./connection-next-step";
import { ExactTime } from "./exact-time";
import { StatePill } from "./state-pill";
import { StoreAction } from "./store-action";
import { StorePlatform, storeHref } from "./store-platform";

type Props = { rows: readonly ConnectionView[]; asOf: Date; withMerchant: boolean };

// A dozen stores or fewer: each with its state, who has to act, and the one thing to do.
export function StoreCards({ rows, asOf, withMerchant }: Props) {
  return (
    <ul className="grid gap-4">
      {rows.map((connection) => (
        <li key={connection.id}>
          <StoreCard connection={connection} asOf={asOf} withMerchant={withMerchant} />
        </li>
      ))}
    </ul>
  );
}

function StoreCard({ connection, asOf, withMerchant }: { connection: ConnectionView; asOf: Date; withMerchant: boolean }) {
  const t = useTranslations("connections");
  const { lastProofAt, state } = connection;
  return (
    <article className="rounded-lg border border-line bg-surface-raised p-5">
      <div className="flex flex-wrap items-start gap-x-4 gap-y-2">
        <ProviderTile tile={connection.provider} monogram={connection.monogram} size={48} />
        <div className="min-w-0 grow basis-48">
          <h2 className="font-semibold wrap-anywhere">
            <Link href={storeHref(connection)} className="link -my-2.5 inline-flex min-h-11 items-center">
              <bdi>{connection.name ?? t("unnamed")}</bdi>
            </Link>
          </h2>
          <p className="text-sm text-muted">
            <StorePlatform connection={connection} />
            {withMerchant && (
              <>
                {" · "}
                <bdi>{connection.merchantName}</bdi>
              </>
            )}
            {lastProofAt && state !== "revoked" && state !== "pending" && (
              <>
                {" · "}
                {t.rich("checked", { time: () => <ExactTime at={lastProofAt} now={asOf} /> })}
              </>
            )}
          </p>
        </div>
        <StatePill state={state} audience="merchant" />
      </div>
      <div className="mt-4 border-t border-line pt-4">
        <ConnectionNextStep
          connection={connection}
          audience="merchant"
          now={asOf}
          action={<StoreAction connection={connection} prominent />}
        />
      </div>
    </article>
  );
}
