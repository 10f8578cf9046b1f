import { FlaskConical } from "lucide-react";
import { useTranslations } from "next-intl";

// Never dismissible: demo data must not be taken for real stores.
export function DemoBanner() {
  const t = useTranslations("shell");
  return (
    <aside aria-label={t("demo.label")} className="bg-demo px-4 py-1.5 text-sm font-medium text-demo-text sm:px-6">
      <p className="flex items-center justify-center gap-2 text-center">
        <FlaskConical size={16} aria-hidden="true" className="shrink-0 max-sm:hidden" />
        {t("demo.text")}
      </p>
    </aside>
  );
}
