import { useTranslations } from "next-intl";
import { CopyableId } from "./copyable-id";

// What a person quotes to us when something went wrong: small, last, copyable.
export function ReferenceNumber({ value }: { value: string }) {
  const t = useTranslations("copy");
  return (
    <p className="flex flex-wrap items-center gap-x-2 text-sm text-muted">
      {t("reference")} <CopyableId value={value} label={t("reference")} keep={12} />
    </p>
  );
}
