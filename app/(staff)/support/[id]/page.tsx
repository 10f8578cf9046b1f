import type { Metadata } from "next";
import Link from "next/link";
import { getTimeZone, getTranslations } from "next-intl/server";
import { cache } from "react";
import { callerAction } from "@/app/caller-action";
import { decided } from "@/app/decided";
import { platformLabel } from "@/components/connections/platform-text";
import { StatePill } from "@/components/connections/state-pill";
import { Callers } from "@/components/keys/callers";
import { PageHeader } from "@/components/shell/page-header";
import { ActForm } from "@/components/support/act-form";
import { Explanation } from "@/components/support/acts/explanation";
import { RevokeDialog } from "@/components/support/acts/revoke-dialog";
import { CallTable } from "@/components/support/call-table";
import { ConnectionDetail } from "@/components/support/connection-detail";
import { ButtonLink } from "@/components/ui/button-link";
import { ProviderTile } from "@/components/ui/provider-tile";
import { requireActor } from "@/lib/auth/session";
import { catalogue } from "@/lib/connections/catalogue";
import { diagnostics } from "@/lib/connections/diagnostics";
import { explain } from "@/lib/connections/explain";
import { type Shown, show } from "@/lib/connections/show";
import { turnWait } from "@/lib/connections/turn-wait";
import { showCallers } from "@/lib/keys/show-callers";
import type { Locale } from "@/lib/locale";
import { showCalls } from "@/lib/proxy/show-calls";
import { actAction } from "./actions";
import { Links } from "./links";
import { openRevokeAction, revokeAction } from "./revoke/actions";

type Props = { params: Promise<{ id: string }>; searchParams: Promise<Record<string, string | string[] | undefined>> };

const LATEST_CALLS = 5;

const shownTo = cache(async (id: string) => {
  const actor = await requireActor("support.search");
  return { actor, ...(await decided(show(actor, id))) };
});

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const [t, { connection }] = await Promise.all([getTranslations("support"), params.then(({ id }) => shownTo(id))]);
  return { title: `${connection.name ?? t("table.unnamed")} — ${t("title")}` };
}

export default async function SupportDetailPage({ params, searchParams }: Props) {
  const { id } = await params;
  const [shown, { ended, links }, t, texts, dialog] = await Promise.all([
    shownTo(id),
    searchParams,
    getTranslations("support"),
    getTranslations("support.revoke"),
    getTranslations("dialog"),
  ]);
  const { connection, asOf } = shown;
  const callers = await showCallers(shown.actor, connection);
  const configured = catalogue().some(({ slug }) => slug === connection.offer);
  return (
    <>
      <PageHeader
        title={<bdi>{connection.name ?? t("table.unnamed")}</bdi>}
        tile={<ProviderTile tile={connection.provider} monogram={connection.monogram} size={48} />}
        beside={<StatePill state={connection.state} audience="staff" />}
        lead={<bdi>{connection.merchantName}</bdi>}
        back={{ href: "/support", label: t("detail.back") }}
      />
      <ConnectionDetail
        shown={shown}
        configured={configured}
        endedBefore={ended === "already"}
        explanation={await explanation(shown)}
        callers={
          <>
            <Callers connectionId={connection.id} callers={callers} asOf={asOf} action={callerAction} />
            <LatestCalls id={connection.id} />
          </>
        }
        links={<Links shown={shown} done={links} />}
        actions={!connection.revoked && <Acts shown={shown} configured={configured} />}
      />
      <RevokeDialog
        load={openRevokeAction}
        action={revokeAction}
        texts={{ title: texts("dialog"), loading: texts("loading"), failed: texts("failed"), close: dialog("close") }}
      />
    </>
  );
}

async function LatestCalls({ id }: { id: string }) {
  const [t, calls] = await Promise.all([
    getTranslations("support.calls"),
    showCalls(await requireActor("support.search"), id, null, LATEST_CALLS),
  ]);
  if (calls.rows.length === 0) return null;
  return (
    <section aria-labelledby="calls">
      <h2 id="calls" className="mb-2 text-lg font-semibold">
        {t("title")}
      </h2>
      <CallTable rows={calls.rows} asOf={calls.asOf} />
      <Link href={`/support/${id}/calls`} prefetch={false} className="link mt-3 inline-block">
        {t("all")}
      </Link>
    </section>
  );
}

async function explanation(shown: Shown) {
  const { connection, asOf } = shown;
  const timeZone = await getTimeZone();
  const say = (locale: Locale) => explain(connection, locale, { timeZone, now: asOf });
  return <Explanation texts={{ en: say("en"), ar: say("ar") }} diagnostics={diagnostics(shown)} />;
}

async function Acts({ shown: { connection, asOf }, configured }: { shown: Shown; configured: boolean }) {
  const [t, platforms, wait] = await Promise.all([getTranslations("support"), getTranslations("platforms"), turnWait(connection, asOf)]);
  const live = connection.status === "active" || connection.status === "reconnect";
  const acts = [
    { value: "test", label: t("act.test"), waitS: wait.test },
    { value: "renew", label: t("act.renew"), waitS: wait.renew },
  ].filter(({ value }) => configured && live && (value === "test" || connection.renewable));
  const seconds = Math.max(0, ...acts.map(({ waitS }) => waitS));
  return (
    <ActForm
      action={actAction}
      connectionId={connection.id}
      acts={acts}
      throttled={seconds > 0 ? t("act.throttled", { platform: platformLabel(platforms, connection), seconds }) : null}
      ended={t("act.ended")}
      version={connection.updatedAt.toISOString()}
    >
      <ButtonLink
        href={`/support/${connection.id}/revoke`}
        data-revoke={connection.id}
        data-palette
        prefetch={false}
        className="sm:ms-auto"
      >
        {t("detail.revoke")}
      </ButtonLink>
    </ActForm>
  );
}
