import { useTranslations } from "next-intl";
import type { ConnectionView } from "@/lib/connections/view";
import { ExactTime } from "./exact-time";

// Erased here is not erased in backups from before: until when one may hold it, as far as that is known.
export function BackupNote({ revoked, now }: { revoked: ConnectionView["revoked"]; now: Date }) {
  const t = useTranslations("connection.backups");
  if (!revoked?.erasedAt) return null;
  const until = revoked.inBackupsUntil;
  if (!until) return <p className="text-sm">{t("unknown")}</p>;
  return <p className="text-sm">{t.rich(until > now ? "until" : "over", { date: () => <ExactTime at={until} show="day" now={now} /> })}</p>;
}
