import { getLocale, getTimeZone, getTranslations } from "next-intl/server";
import { platformLabel } from "@/components/connections/platform-text";
import type { Revoked } from "@/lib/connections/revoke";
import type { Shown } from "@/lib/connections/show";
import { formatRelative } from "@/lib/format";
import { localeOfTag } from "@/lib/locale";
import { isolated } from "@/lib/mail/isolated";

/** How a revocation came out, in one sentence: what the platform has not confirmed is never told as done. */
export async function endedText({ connection, timeline, asOf }: Shown, kind: Revoked["kind"]): Promise<string> {
  const [t, platforms, tag, timeZone] = await Promise.all([
    getTranslations("support.ended"),
    getTranslations("platforms"),
    getLocale(),
    getTimeZone(),
  ]);
  const locale = localeOfTag(tag);
  const platform = platformLabel(platforms, connection);
  const asked = timeline.find((entry) => entry.kind === "connection.revoke_asked");
  if (kind === "already" && asked?.actor)
    return t("byOther", {
      name: isolated(asked.actor, locale),
      when: formatRelative(asked.at, { locale, timeZone, now: asOf }),
    });
  if (kind === "already") return t("again");
  return t(kind === "revoked" ? (connection.revoked?.confirmed === "remote" ? "told.remote" : "told.local") : "told.waiting", { platform });
}
