import { useTranslations } from "next-intl";
import { platformLabel } from "@/components/connections/platform-text";
import { TELLING_TRIES } from "@/lib/bulk/acts";
import type { ConnectionView } from "@/lib/connections/view";

// Access has ended here, and the platform has not confirmed it: never told as done.
export function TellingNote({ connection }: { connection: ConnectionView }) {
  const t = useTranslations("bulk.note");
  const platforms = useTranslations("platforms");
  if (connection.status !== "revoking") return null;
  const platform = platformLabel(platforms, connection);
  const tries = connection.revoked?.tries ?? 0;
  return (
    <span className="block text-xs text-muted">
      {tries > TELLING_TRIES ? t("long", { platform }) : t("telling", { platform, tries, of: TELLING_TRIES })}
    </span>
  );
}
