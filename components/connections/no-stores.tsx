import { KeyRound, type LucideIcon, RefreshCw, SearchX, Unplug } from "lucide-react";
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
  const steps: [LucideIcon, string][] = [
    [KeyRound, t("empty.does1")],
    [RefreshCw, t("empty.does2")],
    [Unplug, t("empty.does3")],
  ];
  return (
    <div className="space-y-6">
      <section className="rounded-lg border border-line bg-surface-raised p-5 sm:p-8">
        <h2 className="text-lg font-semibold">{t("empty.title")}</h2>
        <p className="mt-1 text-muted">{t("empty.text")}</p>
        <ul className="mt-6 grid gap-x-8 gap-y-4 sm:grid-cols-3">
          {steps.map(([Icon, text]) => (
            <li key={text} className="flex items-start gap-3">
              <Icon size={20} strokeWidth={1.75} aria-hidden="true" className="mt-0.5 shrink-0 text-muted" />
              {text}
            </li>
          ))}
        </ul>
      </section>
      {children}
    </div>
  );
}
