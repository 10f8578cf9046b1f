import { useTranslations } from "next-intl";
import type { ConnectionView } from "@/lib/connections/view";
import { platformLabel, platformText } from "./platform-text";
import { ScopeList } from "./scope-list";

// What the owner allowed, in plain words; what the platform calls it stands below.
export function Permissions({ connection }: { connection: ConnectionView }) {
  const t = useTranslations("connections.detail");
  const platforms = useTranslations("platforms");
  const lines = ["allows1", "allows2", "allows3"].map((key) => platformText(platforms, connection.provider, key));
  return (
    <>
      <ul className="list-disc space-y-1 ps-5">{lines.map((line) => line && <li key={line}>{line}</li>)}</ul>
      {connection.scopes.length > 0 && (
        <>
          <p className="mt-4 mb-1.5 text-sm text-muted">{t("scopes", { platform: platformLabel(platforms, connection) })}</p>
          <ScopeList scopes={connection.scopes} />
        </>
      )}
    </>
  );
}
