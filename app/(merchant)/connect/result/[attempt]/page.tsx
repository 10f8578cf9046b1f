import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { decided } from "@/app/decided";
import { outcomeOf } from "@/components/connect/outcome-look";
import { OutcomePage } from "@/components/connect/outcome-page";
import { Unfinished } from "@/components/connect/unfinished";
import { platformLabel } from "@/components/connections/platform-text";
import { requireActor } from "@/lib/auth/session";
import { show } from "@/lib/connections/show";
import { showAttempt } from "@/lib/connections/show-attempt";
import { AppError } from "@/lib/errors";
import { chooseAction, finishAction } from "./actions";

type Props = { params: Promise<{ attempt: string }> };

async function load({ params }: Props) {
  const actor = await requireActor();
  const attempt = await decided(showAttempt(actor, (await params).attempt));
  const outcome = attempt.outcome === null ? null : outcomeOf({ ...attempt, outcome: attempt.outcome });
  return { actor, attempt, outcome };
}

export async function generateMetadata(props: Props): Promise<Metadata> {
  const { attempt, outcome } = await load(props);
  const [t, platforms] = await Promise.all([getTranslations("result"), getTranslations("platforms")]);
  const platform = platformLabel(platforms, attempt);
  const name = attempt.store?.name ?? attempt.label ?? t("yourStore");
  const title = outcome
    ? t.markup(`outcome.${outcome}.title`, { platform, store: () => name })
    : attempt.waitingForPlatform
      ? t("waiting.title", { platform })
      : t("finishing.title");
  return { title: `${title} — ${t("where")}` };
}

// Reading this page exchanges nothing: that is done by its form, which posts itself where there is a script.
export default async function ResultPage(props: Props) {
  const { actor, attempt, outcome } = await load(props);
  const { store } = attempt;
  const connected = store && (outcome === "connected" || outcome === "renewed");
  const shown = connected ? await show(actor, store.id).catch(gone) : null;
  return (
    <div className="mx-auto max-w-prose">
      {outcome ? (
        <OutcomePage
          attempt={attempt}
          outcome={outcome}
          connection={shown && { view: shown.connection, asOf: shown.asOf }}
          choose={chooseAction}
        />
      ) : (
        <Unfinished attempt={attempt} finish={finishAction} />
      )}
    </div>
  );
}

/** It may have been removed since; the outcome stays told. */
function gone(error: unknown): null {
  if (error instanceof AppError) return null;
  throw error;
}
