import { useTranslations } from "next-intl";

// Never dismissible: demo data must not be taken for real stores.
export function DemoBanner() {
  const t = useTranslations("shell");
  return (
    <aside aria-label={t("demo.label")} className="bg-danger px-4 py-1.5 text-center text-sm font-medium text-danger-text">
      {t("demo.text")}
    </aside>
  );
}
