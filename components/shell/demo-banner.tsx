import { FlaskConical } from "lucide-react";
import { useLocale, useTranslations } from "next-intl";
import { localeOfTag } from "@/lib/locale";

type Props = {
  /** Where whoever runs the demo can make things happen to it. */
  desk: string | null;
};

// Never dismissible: demo data must not be taken for real stores.
export function DemoBanner({ desk }: Props) {
  const t = useTranslations("shell");
  const locale = localeOfTag(useLocale());
  return (
    <aside aria-label={t("demo.label")} className="bg-demo px-4 text-sm font-medium text-demo-text sm:px-6">
      <p className="flex flex-wrap items-center justify-center gap-x-3 text-center">
        <span className="flex items-center gap-2 py-1.5">
          <FlaskConical size={16} aria-hidden="true" className="shrink-0 max-sm:hidden" />
          {t("demo.text")}
        </span>
        {desk && (
          <a href={`${desk}/?lang=${locale}`} className="inline-flex min-h-11 items-center underline underline-offset-4 sm:min-h-8">
            {t("demo.desk")}
          </a>
        )}
      </p>
    </aside>
  );
}
