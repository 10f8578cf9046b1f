import { useTranslations } from "next-intl";

/** What an operation of the table of permissions is called. */
export function OperationWords({ operation }: { operation: string }) {
  const t = useTranslations();
  // Keyed by data, so the catalogue cannot type it.
  return (t as unknown as (key: string) => string)(`operation.${operation}`);
}
