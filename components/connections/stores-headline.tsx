import { useTranslations } from "next-intl";
import type { Listed } from "@/lib/connections/list";

// The page's sentence of truth: how many stores there are, and who has to act.
export function StoresHeadline({ counts, total }: Pick<Listed, "counts" | "total">) {
  const t = useTranslations("connections.headline");
  const live = total - counts.revoked;
  if (live === 0) return t("none");
  if (counts.needs_you > 0) return t("needs", { needs: counts.needs_you, total: live });
  if (counts.interrupted > 0) return t("interrupted", { count: counts.interrupted });
  if (counts.not_checked > 0) return t("checking", { count: counts.not_checked });
  return t("working", { total: live });
}
