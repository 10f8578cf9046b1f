import { useTranslations } from "next-intl";
import { CopyableId } from "@/components/connections/copyable-id";
import { FactList } from "@/components/ui/fact-list";
import type { ConnectionView } from "@/lib/connections/view";

// What the platform said whose store it is, so that a wrong one is noticed at once.
export function ConnectedFacts({ connection, platform }: { connection: ConnectionView; platform: string }) {
  const t = useTranslations("result");
  const { accountId } = connection;
  return (
    <FactList
      facts={[
        { label: t("platform"), value: <bdi>{platform}</bdi> },
        ...(accountId ? [{ label: t("storeId"), value: <CopyableId value={accountId} label={t("storeId")} keep={12} /> }] : []),
      ]}
    />
  );
}
