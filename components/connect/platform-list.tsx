import { ChevronRight } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { ExactTime } from "@/components/connections/exact-time";
import { platformLabel, platformText } from "@/components/connections/platform-text";
import { ProviderTile } from "@/components/ui/provider-tile";
import type { Doing, OfferView } from "@/lib/connections/catalogue";
import { connectBase } from "./connect-base";

type Offer = OfferView & Doing;

const card = "flex h-full min-h-18 items-center gap-4 rounded-lg border border-line p-4";

// What can be connected, and what one needs for it before the first click.
export function PlatformList({ offers, link = null }: { offers: readonly Offer[]; link?: string | null }) {
  const t = useTranslations("connect");
  return (
    <ul aria-label={t("platforms")} className="grid gap-3 text-start sm:grid-cols-2">
      {offers.map((offer) => (
        <li key={offer.slug}>
          {offer.held ? (
            <div className={`${card} bg-surface-sunken`}>
              <Face offer={offer} />
            </div>
          ) : (
            <Link
              href={`${connectBase(link)}/${offer.slug}`}
              className={`${card} bg-surface-raised hover:border-line-strong hover:bg-surface-sunken`}
            >
              <Face offer={offer} />
              <ChevronRight size={18} aria-hidden="true" className="shrink-0 text-muted rtl:-scale-x-100" />
            </Link>
          )}
        </li>
      ))}
    </ul>
  );
}

function Face({ offer }: { offer: Offer }) {
  const t = useTranslations("connect");
  const platforms = useTranslations("platforms");
  const { held, failing, texts, provider } = offer;
  return (
    <>
      <ProviderTile tile={provider} monogram={texts?.monogram} size={48} />
      <span className="min-w-0 grow">
        <span className="block font-semibold">
          <bdi>{platformLabel(platforms, offer)}</bdi>
        </span>
        {held ? (
          <span className="block text-sm text-muted">
            {t.rich("held.card", { reason: () => <bdi>{held.reason}</bdi>, time: () => <ExactTime at={held.until} show="cell" /> })}
          </span>
        ) : (
          <span className="block text-sm text-muted">{platformText(platforms, provider, "need")}</span>
        )}
        {failing && !held && <span className="block text-sm font-medium text-warning">{t("failing.card")}</span>}
      </span>
    </>
  );
}
