import Link from "next/link";
import { useTranslations } from "next-intl";
import { platformLabel } from "@/components/connections/platform-text";
import { FactList } from "@/components/ui/fact-list";
import { ProviderTile } from "@/components/ui/provider-tile";
import type { OfferSummary } from "@/lib/offers/show-offers";
import { ClientTail } from "./client-tail";
import { OfferStatus } from "./offer-status";
import { RedirectUri } from "./redirect-uri";

export function OfferCards({ offers }: { offers: readonly OfferSummary[] }) {
  const t = useTranslations("providers");
  const platforms = useTranslations("platforms");
  return (
    <ul aria-label={t("title")} className="grid gap-4 wide:grid-cols-2">
      {offers.map((offer) => (
        <li key={offer.slug} className="rounded-lg border border-line bg-surface-raised p-5">
          <div className="mb-2 flex items-start gap-4">
            <ProviderTile tile={offer.provider} monogram={offer.monogram} size={48} />
            <div className="min-w-0 space-y-1.5">
              <h2 className="text-lg font-semibold wrap-anywhere">
                <Link href={`/providers/${offer.slug}`} className="link inline-flex min-h-6 items-center">
                  <bdi>{platformLabel(platforms, offer)}</bdi>
                </Link>
              </h2>
              <OfferStatus offer={offer} />
            </div>
          </div>
          <FactList
            facts={[
              { label: t("fact.redirect"), value: offer.redirectUri ? <RedirectUri uri={offer.redirectUri} /> : t("fact.redirectNone") },
              { label: t("fact.client"), value: <ClientTail tail={offer.clientTail} /> },
            ]}
          />
        </li>
      ))}
    </ul>
  );
}
