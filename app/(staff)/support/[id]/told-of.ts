import { getTranslations } from "next-intl/server";
import { platformLabel } from "@/components/connections/platform-text";
import { troubleText } from "@/components/connections/trouble-text";
import type { Told } from "@/components/support/act-form";
import type { ActResult } from "@/lib/connections/act-now";
import type { ConnectionView } from "@/lib/connections/view";

/** What came of a test or a renewal, in words. */
export async function toldOf(result: ActResult, connection: ConnectionView, act: "test" | "renew"): Promise<Told> {
  const [t, causes, platforms] = await Promise.all([
    getTranslations("support.act"),
    getTranslations("connection"),
    getTranslations("platforms"),
  ]);
  const { provider } = connection;
  const platform = platformLabel(platforms, connection);
  switch (result.kind) {
    case "works":
      return result.unproved ? { tone: "neutral", text: t("unproved") } : { tone: "positive", text: t("works") };
    case "renewed":
      return { tone: "positive", text: t("renewed") };
    case "running":
      return { tone: "info", text: t("running"), running: true };
    case "throttled":
      return { tone: "info", text: t("throttled", { platform, seconds: result.waitS }) };
    case "cannot":
      return { tone: "neutral", text: t(act === "renew" ? "cannotRenew" : "cannotTest") };
    case "busy":
      return { tone: "info", text: t("busy") };
    case "not_now":
      return { tone: "info", text: t("notNow", { platform, seconds: Math.ceil(result.retryAfterS) }) };
    case "failed":
      return {
        tone: result.trouble === "reconnect" ? "critical" : "warning",
        text: t("failed", { cause: troubleText(causes, platforms, { provider, trouble: result.trouble, code: result.code }) }),
      };
  }
}
