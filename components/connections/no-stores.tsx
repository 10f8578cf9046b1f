import { SearchX, Store } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { ButtonLink } from "@/components/ui/button-link";
import { EmptyState } from "@/components/ui/empty-state";
import type { Listed } from "@/lib/connections/list";

// Nothing to list: `asked` tells that something was looked for; without it the ways to begin are given as children.
export function NoStores({ asked, children }: { asked?: Listed["asked"]; children?: ReactNode }) {
  const t = useTranslations("connections");
  if (asked)
    return (
      <EmptyState icon={SearchX} title={t("noMatch.title")} action={<ButtonLink href="/connections">{t("noMatch.clear")}</ButtonLink>}>
        {asked.q ? t.rich("noMatch.text", { q: () => <bdi>{asked.q}</bdi> }) : t("noMatch.textState")}
      </EmptyState>
    );
  return (
    <EmptyState icon={Store} title={t("empty.title")} action={<div className="w-full sm:w-[36rem]">{children}</div>}>
      <p>{t("empty.text")}</p>
      <ul className="mt-3 space-y-1 text-start text-sm sm:text-center">
        <li>{t("empty.does1")}</li>
        <li>{t("empty.does2")}</li>
        <li>{t("empty.does3")}</li>
      </ul>
    </EmptyState>
  );
}
