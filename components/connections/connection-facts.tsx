import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { FactList } from "@/components/ui/fact-list";
import type { ConnectionView } from "@/lib/connections/view";
import { CopyableId } from "./copyable-id";
import { ExactTime } from "./exact-time";
import { platformLabel } from "./platform-text";

type Fact = { label: string; value: ReactNode };
type Props = { connection: ConnectionView; now: Date; first?: Fact[]; last?: Fact[] };

// What is known of a connection; the same for its owner and for staff, who see more at both ends.
export function ConnectionFacts({ connection, now, first = [], last = [] }: Props) {
  const t = useTranslations("connection");
  const platforms = useTranslations("platforms");
  const { environment, accountId, connectedAt, lastProofAt, renewsAt, noReturnAt, expiresAt, policy, status } = connection;
  const time = (at: Date | null, otherwise: string) => (at ? <ExactTime at={at} now={now} /> : otherwise);
  const live = status === "active" || status === "reconnect";
  return (
    <FactList
      facts={[
        ...first,
        { label: t("fact.platform"), value: <bdi>{platformLabel(platforms, connection)}</bdi> },
        { label: t("fact.environment"), value: <Environment name={environment} /> },
        {
          label: t("fact.account"),
          value: accountId ? <CopyableId value={accountId} label={t("fact.account")} keep={8} /> : t("fact.unnamed"),
        },
        ...(live
          ? [
              { label: t("fact.runsOut"), value: policy === "on_demand" ? t("fact.onDemand") : time(expiresAt, t("fact.noEnd")) },
              { label: t("fact.renews"), value: policy === "on_demand" ? t("fact.onDemand") : time(renewsAt, t("fact.byOwner")) },
              { label: t("fact.noReturn"), value: time(noReturnAt, t("fact.noReturnUnknown")) },
            ]
          : []),
        { label: t("fact.checked"), value: time(lastProofAt, t("fact.never")) },
        { label: t("fact.connected"), value: time(connectedAt, t("fact.never")) },
        ...last,
        { label: t("fact.id"), value: <CopyableId value={connection.id} label={t("fact.id")} keep={8} /> },
      ]}
    />
  );
}

// Well-known environments have a word in each language; any other is shown as the platform calls it.
export function Environment({ name }: { name: string }) {
  const t = useTranslations("connection");
  const path = `environment.${name}` as "environment.production";
  return t.has(path) ? t(path) : <bdi dir="ltr">{name}</bdi>;
}
