import { useLocale, useTranslations } from "next-intl";
import { FactList } from "@/components/ui/fact-list";
import { localeOfTag } from "@/lib/locale";
import type { OfferDetail } from "@/lib/offers/show-offers";
import { ClientTail } from "./client-tail";
import { RedirectUri } from "./redirect-uri";

export function OfferFacts({ offer }: { offer: OfferDetail }) {
  const t = useTranslations("providers.fact");
  return (
    <FactList
      facts={[
        { label: t("redirect"), value: offer.redirectUri ? <RedirectUri uri={offer.redirectUri} /> : t("redirectNone") },
        { label: t("client"), value: <ClientTail tail={offer.clientTail} /> },
        { label: t("environment"), value: <bdi>{offer.environment}</bdi> },
        { label: t("scopes"), value: offer.scopes.length > 0 ? <Scopes offer={offer} /> : t("scopesNone") },
        { label: t("connections"), value: <span className="tabular-nums">{offer.holding >= 1_000 ? "1,000+" : offer.holding}</span> },
        { label: t("ends"), value: t(offer.revocation.endsSiblings ? "endsSiblings" : "endsOne") },
      ]}
    />
  );
}

/** Each with the line that merchants read of it, where an admin wrote one. */
function Scopes({ offer: { scopes, texts } }: { offer: OfferDetail }) {
  const locale = localeOfTag(useLocale());
  const words = texts?.allows[locale].split("\n") ?? [];
  return (
    <ul className="space-y-1">
      {scopes.map((scope, index) => (
        <li key={scope}>
          <code dir="ltr" className="rounded-sm bg-neutral-surface px-1.5 py-0.5 text-[0.85em] wrap-anywhere text-neutral">
            {scope}
          </code>
          {words[index] && <span className="ms-2 text-muted">{words[index]}</span>}
        </li>
      ))}
    </ul>
  );
}
