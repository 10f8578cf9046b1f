import { ChevronRight } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { platformLabel, platformText } from "@/components/connections/platform-text";
import { ProviderTile } from "@/components/ui/provider-tile";
import type { OfferView } from "@/lib/connections/catalogue";

// What can be connected, and what one needs for it before the first click.
export function PlatformList({ offers }: { offers: readonly OfferView[] }) {
  const t = useTranslations("connect");
  const platforms = useTranslations("platforms");
  return (
    <ul aria-label={t("platforms")} className="grid gap-3 text-start sm:grid-cols-2">
      {offers.map((offer) => (
        <li key={offer.slug}>
          <Link
            href={`/connect/${offer.slug}`}
            className="flex h-full min-h-18 items-center gap-4 rounded-lg border border-line bg-surface-raised p-4 hover:border-line-strong hover:bg-surface-sunken"
          >
            <ProviderTile tile={offer.provider} size={48} />
            <span className="min-w-0 grow">
              <span className="block font-semibold">
                <bdi>{platformLabel(platforms, offer)}</bdi>
              </span>
              <span className="block text-sm text-muted">{platformText(platforms, offer.provider, "need")}</span>
            </span>
            <ChevronRight size={18} aria-hidden="true" className="shrink-0 text-muted rtl:-scale-x-100" />
          </Link>
        </li>
      ))}
    </ul>
  );
}
