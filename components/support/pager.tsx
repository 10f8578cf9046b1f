import { useTranslations } from "next-intl";
import { ButtonLink } from "@/components/ui/button-link";

type Props = { previousHref: string | null; nextHref: string | null };

export function Pager({ previousHref, nextHref }: Props) {
  const t = useTranslations("support.pager");
  if (!previousHref && !nextHref) return null;
  return (
    <nav aria-label={t("label")} className="mt-5 flex flex-wrap gap-3">
      {previousHref && (
        <ButtonLink href={previousHref} rel="prev" prefetch={false}>
          {t("previous")}
        </ButtonLink>
      )}
      {nextHref && (
        <ButtonLink href={nextHref} rel="next" prefetch={false}>
          {t("next")}
        </ButtonLink>
      )}
    </nav>
  );
}
