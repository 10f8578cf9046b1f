import { Check } from "lucide-react";
import { useLocale, useTranslations } from "next-intl";
import { platformLabel, platformText } from "@/components/connections/platform-text";
import type { OfferView } from "@/lib/connections/catalogue";
import { localeOfTag } from "@/lib/locale";

// What one agrees to, before leaving: in plain words, where it happens and how it is undone. All of it on a phone's first screen.
export function PermissionCard({ offer }: { offer: OfferView }) {
  const t = useTranslations("connect");
  const platforms = useTranslations("platforms");
  const text = (key: string) => platformText(platforms, offer.provider, key);
  const platform = platformLabel(platforms, offer);
  const locale = localeOfTag(useLocale());
  const own = offer.texts?.allows[locale].split("\n").filter(Boolean) ?? [];
  const allows = own.length > 0 ? own : ["allows1", "allows2", "allows3"].map(text).filter((line) => line !== null);
  return (
    <section
      aria-labelledby="allows"
      className="space-y-2.5 rounded-lg border border-line bg-surface-raised p-4 max-sm:text-sm sm:space-y-4 sm:p-5"
    >
      {offer.host && (
        <p>
          {t.rich("goingTo", {
            platform,
            host: () => (
              <strong className="font-medium">
                <bdi dir="ltr">{offer.host}</bdi>
              </strong>
            ),
          })}
        </p>
      )}
      <div>
        <h2 id="allows" className="font-semibold">
          {t("allows")}
        </h2>
        <ul className="mt-1 space-y-0.5 sm:space-y-1">
          {allows.map((line) => (
            <li key={line} className="flex items-start gap-2">
              <Check size={16} aria-hidden="true" className="mt-1 shrink-0 text-positive" />
              {line}
            </li>
          ))}
        </ul>
      </div>
      <div>
        <h2 className="font-semibold">{t("undo")}</h2>
        <p>{text("undo")}</p>
      </div>
    </section>
  );
}
