import { useTranslations } from "next-intl";

// Enough to know it again.
export function ClientTail({ tail }: { tail: string | null }) {
  const t = useTranslations("providers.fact");
  return tail === null
    ? t("clientNone")
    : t.rich("clientTail", {
        tail: () => (
          <bdi dir="ltr" className="font-mono">
            …{tail}
          </bdi>
        ),
      });
}
