import { useTranslations } from "next-intl";
import type { ConnectionView } from "@/lib/connections/view";
import { ExactTime } from "./exact-time";

// How long access lasts, for a table's cell.
export function AccessBrief({ connection, now }: { connection: ConnectionView; now: Date }) {
  const t = useTranslations("connections.brief");
  const { policy, state, revoked, renewsAt, renewable, expiresAt, ownerEndAt } = connection;
  const at = (date: Date) => ({ time: () => <ExactTime at={date} show="cell" now={now} /> });
  if (state === "revoked") return revoked?.at ? t.rich("ended", at(revoked.at)) : null;
  if (state === "needs_reconnect") return t("refused");
  if (policy === "on_demand") return t("onDemand");
  if (ownerEndAt) return t.rich(ownerEndAt > now ? "runsOut" : "ranOut", at(ownerEndAt));
  if (renewable && expiresAt && expiresAt <= now) return t.rich("ranOut", at(expiresAt));
  if (renewsAt) return t.rich("renews", at(renewsAt));
  if (renewable) return t("selfRenewing");
  return expiresAt ? t.rich(expiresAt > now ? "runsOut" : "ranOut", at(expiresAt)) : t("noEnd");
}
