import { useTranslations } from "next-intl";
import { CopyButton } from "@/components/ui/copy-button";

// Whole, since somebody types it off, and to be copied.
export function RedirectUri({ uri }: { uri: string }) {
  const t = useTranslations("providers");
  return (
    <span dir="ltr" className="inline-flex max-w-full items-center gap-1">
      <code className="text-[0.9em] break-all select-all">{uri}</code>
      <CopyButton text={uri} label={t("copy")} copiedLabel={t("copied")} />
    </span>
  );
}
