import { getTranslations } from "next-intl/server";
import { decided } from "@/app/decided";
import { outcomeOf } from "@/components/connect/outcome-look";
import { platformLabel } from "@/components/connections/platform-text";
import type { Connector } from "@/lib/auth/actor";
import { type AttemptView, showAttempt } from "@/lib/connections/show-attempt";
import { viewConnection } from "@/lib/connections/view-connection";
import { AppError } from "@/lib/errors";

/** What became of an attempt, and the store as it is now where one came of it. */
export async function loadResult(actor: Connector, id: string) {
  const attempt = await decided(showAttempt(actor, id));
  const outcome = attempt.outcome === null ? null : outcomeOf({ ...attempt, outcome: attempt.outcome });
  const connected = outcome === "connected" || outcome === "renewed" ? attempt.store : null;
  const view = connected && (await viewConnection(actor, connected.id).catch(gone));
  return { attempt, outcome, connection: view && { view, asOf: attempt.asOf } };
}

/** It may have been removed since; the outcome stays told. */
function gone(error: unknown): null {
  if (error instanceof AppError) return null;
  throw error;
}

export async function resultTitle({ attempt, outcome }: Pick<Awaited<ReturnType<typeof loadResult>>, "attempt" | "outcome">) {
  const [t, platforms] = await Promise.all([getTranslations("result"), getTranslations("platforms")]);
  const platform = platformLabel(platforms, attempt);
  const name = nameOf(attempt) ?? t("yourStore");
  const title = outcome
    ? t.markup(`outcome.${outcome}.title`, { platform, store: () => name })
    : attempt.waitingForPlatform
      ? t("waiting.title", { platform })
      : t("finishing.title");
  return `${title} — ${t("where")}`;
}

const nameOf = ({ store, label }: AttemptView): string | null => store?.name ?? label;
