import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Card } from "@/components/ui/card";
import type { Shown } from "@/lib/connections/show";
import { ConnectionAccess } from "./connection-access";
import { ConnectionFacts } from "./connection-facts";
import { ConnectionNextStep } from "./connection-next-step";
import { ConnectionTimeline } from "./connection-timeline";
import { EndedNote } from "./ended-note";
import { Permissions } from "./permissions";
import { platformLabel } from "./platform-text";
import { StoreAction } from "./store-action";
import { troubleText } from "./trouble-text";

type Props = {
  shown: Shown;
  allEvents: boolean;
  // what else the owner can do with it
  tools: ReactNode;
  // whose programs use it
  callers: ReactNode;
};

/** States in which a merchant is told the cause; in the others there is nothing that it would help to know. */
const TOLD = new Set(["needs_reconnect", "expired_renewable"]);
const FIRST_EVENTS = 20;

// A store for its owner: who has to act and why, how long access lasts, what happened, what is known.
export function StoreBody({ shown: { connection, timeline, asOf }, allEvents, tools, callers }: Props) {
  const t = useTranslations("connections.detail");
  const words = useTranslations("connection");
  const platforms = useTranslations("platforms");
  const { provider, trouble, troubleCode, state, customerText, status } = connection;
  const cause = troubleCode && TOLD.has(state) ? troubleText(words, platforms, { provider, trouble, code: troubleCode }) : null;
  const live = status === "active" || status === "reconnect";
  const entries = allEvents ? timeline : timeline.slice(0, FIRST_EVENTS);
  return (
    <div className="grid items-start gap-6 wide:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
      <div className="space-y-8">
        <Card aria-labelledby="now" className="space-y-4">
          <h2 id="now" className="sr-only">
            {t("now")}
          </h2>
          <ConnectionNextStep
            lead
            connection={connection}
            audience="merchant"
            now={asOf}
            action={<StoreAction connection={connection} prominent />}
          />
          {cause && (
            <p>
              <strong className="font-medium">{t("cause")}:</strong> {cause}
            </p>
          )}
          {cause && customerText && (
            <p>{t.rich("says", { platform: platformLabel(platforms, connection), text: () => <bdi>{customerText}</bdi> })}</p>
          )}
          <EndedNote connection={connection} now={asOf} />
          {live && <ConnectionAccess connection={connection} audience="merchant" now={asOf} />}
          {tools && <div className="border-t border-line pt-4">{tools}</div>}
        </Card>
        {callers}
        <section aria-labelledby="story">
          <h2 id="story" className="mb-4 text-lg font-semibold">
            {t("story")}
          </h2>
          <ConnectionTimeline
            entries={entries}
            provider={provider}
            now={asOf}
            olderHref={entries.length < timeline.length ? `/connections/${connection.id}?events=all` : undefined}
          />
        </section>
      </div>
      <div className="space-y-6">
        {live && (
          <Card aria-labelledby="permissions">
            <h2 id="permissions" className="mb-2 text-lg font-semibold">
              {t("permissions")}
            </h2>
            <Permissions connection={connection} />
          </Card>
        )}
        <Card aria-labelledby="facts">
          <h2 id="facts" className="mb-1 text-lg font-semibold">
            {t("facts")}
          </h2>
          <ConnectionFacts connection={connection} now={asOf} />
        </Card>
      </div>
    </div>
  );
}
