import { useTranslations } from "next-intl";
import type { ConnectionView } from "@/lib/connections/view";
import { BackupNote } from "./backup-note";
import { platformLabel, platformText } from "./platform-text";

// How a connection ended, as far as it is known: never that the platform did what it has not confirmed.
export function EndedNote({ connection, now }: { connection: ConnectionView; now: Date }) {
  return (
    <>
      <Ended connection={connection} />
      <BackupNote revoked={connection.revoked} now={now} />
    </>
  );
}

function Ended({ connection }: { connection: ConnectionView }) {
  const t = useTranslations("connections.ended");
  const platforms = useTranslations("platforms");
  const { revoked, provider, status } = connection;
  if (!revoked) return null;
  const platform = platformLabel(platforms, connection);
  const byHand = platformText(platforms, provider, "byHand");
  if (status === "revoking") return <p>{t("waiting", { platform })}</p>;
  if (revoked.confirmed === "local")
    return (
      <>
        <p>{t("local", { platform })}</p>
        {byHand && (
          <div>
            <h2 className="font-semibold">{t("byHand")}</h2>
            <p>{byHand}</p>
          </div>
        )}
      </>
    );
  if (revoked.confirmed === "sibling") return <p>{t("sibling", { platform })}</p>;
  return <p>{t(revoked.reach === "token" ? "token" : "remote", { platform })}</p>;
}
