import { useLocale, useTranslations } from "next-intl";
import { CopyButton } from "@/components/ui/copy-button";
import { Disclosure } from "@/components/ui/disclosure";
import { directionOf, type Locale, localeOfTag, locales } from "@/lib/locale";

type Props = {
  // how it stands, for its owner, in each language
  texts: Record<Locale, string>;
  diagnostics: string;
};

// First of all a sentence that the owner understands; then what to pass on, to the owner in either language or to an engineer.
export function Explanation({ texts, diagnostics }: Props) {
  const t = useTranslations("support.explain");
  const copied = useTranslations("copy")("copied");
  const own = localeOfTag(useLocale());
  return (
    <div className="space-y-2">
      <p className="text-lg font-medium">{texts[own]}</p>
      <div className="-ms-3 flex flex-wrap items-center gap-1">
        {locales.map((locale) => (
          <CopyButton worded key={locale} text={texts[locale]} label={t(`copy.${locale}`)} copiedLabel={copied} />
        ))}
        <CopyButton worded text={diagnostics} label={t("copyDiagnostics")} copiedLabel={copied} />
      </div>
      <Disclosure size="small" summary={t("both")}>
        <dl className="space-y-2 text-sm">
          {locales.map((locale) => (
            <div key={locale}>
              <dt className="text-muted">{t(`language.${locale}`)}</dt>
              <dd lang={locale} dir={directionOf(locale)} className="select-all">
                {texts[locale]}
              </dd>
            </div>
          ))}
          <div>
            <dt className="text-muted">{t("diagnostics")}</dt>
            <dd>
              {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
              <pre dir="ltr" tabIndex={0} className="max-h-72 overflow-auto rounded-md bg-surface-sunken p-3 text-xs">
                {diagnostics}
              </pre>
            </dd>
          </div>
        </dl>
      </Disclosure>
    </div>
  );
}
