"use server";

import { refresh } from "next/cache";
import { getTranslations } from "next-intl/server";
import { decided } from "@/app/decided";
import { platformLabel } from "@/components/connections/platform-text";
import { troubleText } from "@/components/connections/trouble-text";
import type { Told } from "@/components/support/act-form";
import { assertSameOrigin } from "@/lib/auth/origin";
import { requireActor } from "@/lib/auth/session";
import { renew } from "@/lib/connections/renew";
import { show } from "@/lib/connections/show";
import { type TestResult, testConnection } from "@/lib/connections/test-connection";
import type { ConnectionView } from "@/lib/connections/view";

/** *Test now* and *Renew now*: does it, and tells what came of it. */
export async function actAction(_before: Told | null, form: FormData): Promise<Told> {
  await assertSameOrigin();
  const actor = await requireActor("support.search");
  const id = String(form.get("connectionId"));
  const renewing = form.get("act") === "renew";
  const result = await (renewing ? decided(renew(actor, id)) : decided(testConnection(actor, id)));
  const { connection } = await decided(show(actor, id));
  refresh();
  return tell(result, connection, renewing);
}

async function tell(result: TestResult | { kind: "renewed" }, connection: ConnectionView, renewing: boolean): Promise<Told> {
  const [t, causes, platforms] = await Promise.all([
    getTranslations("support.act"),
    getTranslations("connection"),
    getTranslations("platforms"),
  ]);
  const { provider } = connection;
  switch (result.kind) {
    case "works":
      return result.unproved ? { tone: "neutral", text: t("unproved") } : { tone: "positive", text: t("works") };
    case "renewed":
      return { tone: "positive", text: t("renewed") };
    case "cannot":
      return { tone: "neutral", text: t(renewing ? "cannotRenew" : "cannotTest") };
    case "busy":
      return { tone: "info", text: t("busy") };
    case "not_now":
      return {
        tone: "info",
        text: t("notNow", { platform: platformLabel(platforms, connection), seconds: Math.ceil(result.retryAfterS) }),
      };
    case "failed":
      return {
        tone: result.trouble === "reconnect" ? "critical" : "warning",
        text: t("failed", { cause: troubleText(causes, platforms, { provider, trouble: result.trouble, code: result.code }) }),
      };
  }
}
