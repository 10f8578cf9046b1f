import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { ConnectionAccess } from "@/components/connections/connection-access";
import { ConnectionFacts } from "@/components/connections/connection-facts";
import { ConnectionNextStep } from "@/components/connections/connection-next-step";
import { ConnectionTimeline } from "@/components/connections/connection-timeline";
import { CopyableId } from "@/components/connections/copyable-id";
import { ExactTime } from "@/components/connections/exact-time";
import { platformLabel } from "@/components/connections/platform-text";
import { ScopeList } from "@/components/connections/scope-list";
import { troubleText } from "@/components/connections/trouble-text";
import { Card } from "@/components/ui/card";
import { Disclosure } from "@/components/ui/disclosure";
import { Notice } from "@/components/ui/notice";
import type { Shown } from "@/lib/connections/show";
import type { ConnectionView } from "@/lib/connections/view";
import { EndedNotice } from "./ended-notice";
import { NeighbourList } from "./neighbour-list";

type Props = {
  shown: Shown;
  configured: boolean;
  endedBefore: boolean;
  explanation: ReactNode;
  actions: ReactNode;
  callers: ReactNode;
  links: ReactNode;
};

// Everything that staff may know of one connection: what it means first, the facts and the story after.
export function ConnectionDetail({ shown, configured, endedBefore, explanation, actions, callers, links }: Props) {
  const t = useTranslations("support.detail");
  const fact = useTranslations("connection.fact");
  const { connection, timeline, siblings, holder, asOf } = shown;
  const parked = connection.state === "pending" && connection.troubleCode === "held_elsewhere";
  const live = connection.status === "active" || connection.status === "reconnect";
  const { scopes } = connection;
  const scopesFact = { label: fact("scopes"), value: scopes.length > 0 ? <ScopeList scopes={scopes} /> : fact("noScopes") };
  return (
    <div className="grid items-start gap-6 wide:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
      <div className="space-y-8">
        {connection.revoked && <EndedNotice shown={shown} revoked={connection.revoked} again={endedBefore} />}
        <Card aria-labelledby="now" className="space-y-4">
          <h2 id="now" className="sr-only">
            {t("now")}
          </h2>
          {explanation}
          {parked ? <p>{t("parked")}</p> : <ConnectionNextStep connection={connection} audience="staff" now={asOf} />}
          <Cause connection={connection} now={asOf} />
          {holder && (
            <div>
              <p>{t("holder")}</p>
              <NeighbourList neighbours={[holder]} />
            </div>
          )}
          {!configured && <Notice tone="warning">{t("notConfigured")}</Notice>}
          {live && <ConnectionAccess connection={connection} audience="staff" now={asOf} />}
          {actions && <div className="border-t border-line pt-4">{actions}</div>}
        </Card>
        {links}
        {siblings.length > 0 && !parked && (
          <section aria-labelledby="siblings">
            <h2 id="siblings" className="mb-2 text-lg font-semibold">
              {t("siblings")}
            </h2>
            <NeighbourList neighbours={siblings} />
          </section>
        )}
        {callers}
        <section aria-labelledby="story">
          <h2 id="story" className="mb-4 text-lg font-semibold">
            {t("story")}
          </h2>
          <ConnectionTimeline entries={timeline} provider={connection.provider} now={asOf} />
        </section>
      </div>
      <Card aria-labelledby="facts">
        <h2 id="facts" className="mb-1 text-lg font-semibold">
          {t("facts")}
        </h2>
        <ConnectionFacts connection={connection} now={asOf} first={[merchantFact(t("merchant"), connection)]} last={[scopesFact]} />
      </Card>
    </div>
  );
}

function merchantFact(label: string, { merchantId, merchantName }: ConnectionView) {
  return {
    label,
    value: (
      <>
        <span className="block">
          <bdi>{merchantName}</bdi>
        </span>
        <CopyableId value={merchantId} label={label} keep={8} />
      </>
    ),
  };
}

function Cause({ connection, now }: { connection: ConnectionView; now: Date }) {
  const t = useTranslations("support.detail");
  const causes = useTranslations("connection");
  const platforms = useTranslations("platforms");
  const { provider, trouble, troubleCode, troubleAt, customerText, failures } = connection;
  if (!troubleCode || connection.revoked) return null;
  return (
    <div>
      <p>{troubleText(causes, platforms, { provider, trouble, code: troubleCode })}</p>
      {customerText && (
        <p className="mt-2 text-muted">
          {t.rich("platformSays", { platform: platformLabel(platforms, connection), text: () => <q>{<bdi>{customerText}</bdi>}</q> })}
        </p>
      )}
      <Disclosure summary={t("code")}>
        <p className="text-sm">
          <code dir="ltr" className="wrap-anywhere">
            {trouble ? `${trouble}: ${troubleCode}` : troubleCode}
          </code>
          {troubleAt && (
            <>
              {" · "}
              <ExactTime at={troubleAt} now={now} />
            </>
          )}
          {failures > 0 && ` · ${t("failures", { count: failures })}`}
        </p>
      </Disclosure>
    </div>
  );
}
