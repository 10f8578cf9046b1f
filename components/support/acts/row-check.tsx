import { useTranslations } from "next-intl";
import type { ConnectionView } from "@/lib/connections/view";

// Belongs to the form of BulkBar, wherever in the page that is. The whole 24 px take a press.
export function RowCheck({ connection: { id, name } }: { connection: ConnectionView }) {
  const t = useTranslations("bulk.bar");
  const unnamed = useTranslations("support.table")("unnamed");
  return (
    <input type="checkbox" form="bulk" name="id" value={id} aria-label={t("select", { store: name ?? unnamed })} className="row-check" />
  );
}
