import type { Metadata } from "next";
import Link from "next/link";
import { getTranslations } from "next-intl/server";
import { cache, type ReactNode } from "react";
import { changeRunAction } from "@/app/(staff)/support/bulk/actions";
import { decided } from "@/app/decided";
import { AsOf } from "@/components/connections/as-of";
import { ExactTime } from "@/components/connections/exact-time";
import { SubmitButton } from "@/components/forms/submit-button";
import { PageHeader } from "@/components/shell/page-header";
import { KeepLooking } from "@/components/support/bulk/keep-looking";
import { RunItems } from "@/components/support/bulk/run-items";
import { RunProgress } from "@/components/support/bulk/run-progress";
import { requireActor } from "@/lib/auth/session";
import { type ShownRun, showRun } from "@/lib/bulk/show-run";
import { isId } from "@/lib/ids";

type Props = { params: Promise<{ run: string }>; searchParams: Promise<Record<string, string | string[] | undefined>> };

const shownTo = cache(async (id: string, after: string) => decided(showRun(await requireActor("bulk.run"), id, after)));
const afterOf = ({ after }: Awaited<Props["searchParams"]>) => (typeof after === "string" && isId(after) ? after : "");

export async function generateMetadata({ params, searchParams }: Props): Promise<Metadata> {
  const [t, support, { run: id }, query] = await Promise.all([getTranslations("bulk"), getTranslations("support"), params, searchParams]);
  const { run, total } = await shownTo(id, afterOf(query));
  return { title: `${t(`title.${run.act}`, { count: total })} — ${support("title")}` };
}

export default async function BulkRunPage({ params, searchParams }: Props) {
  const [{ run: id }, query, t] = await Promise.all([params, searchParams, getTranslations("bulk")]);
  const shown = await shownTo(id, afterOf(query));
  const { run, counts, total, failed, asked, asOf } = shown;
  const under = counts.asked > 0 || run.status === "running";
  const last = failed.at(-1);
  return (
    <div className="space-y-8">
      <PageHeader
        title={t(`title.${run.act}`, { count: total })}
        lead={<About shown={shown} />}
        back={{ href: "/support/bulk", label: t("name") }}
        actions={<Changes shown={shown} />}
      />
      {under && <KeepLooking />}
      <RunProgress shown={shown} />
      <div className="flex flex-wrap items-baseline gap-x-4 text-sm text-muted">
        <AsOf at={asOf} />
        {under && (
          <>
            <Link href={`/support/bulk/${run.id}`} prefetch={false} className="link">
              {t("lookAgain")}
            </Link>
            <span>{t("leave")}</span>
          </>
        )}
      </div>
      {failed.length > 0 && (
        <RunItems
          caption={t("failures", { count: counts.failed })}
          items={failed}
          moreHref={last && counts.failed > failed.length ? `/support/bulk/${run.id}?after=${last.connectionId}` : undefined}
        />
      )}
      {asked.length > 0 && <RunItems caption={t("telling", { count: counts.asked })} items={asked} />}
    </div>
  );
}

async function About({ shown: { run } }: { shown: ShownRun }) {
  const [t, causes] = await Promise.all([getTranslations("bulk"), getTranslations("connection")]);
  const left = Object.values(run.excluded).reduce((sum, n) => sum + n, 0);
  return (
    <>
      {t.rich("about", { name: () => <bdi>{run.byName}</bdi>, time: () => <ExactTime at={run.startedAt} /> })}
      {run.reason && <> {causes.rich("reason", { reason: (): ReactNode => <q>{<bdi>{run.reason}</bdi>}</q> })}</>}
      {run.ticket && <> · {causes.rich("ticket", { ticket: () => <bdi>{run.ticket}</bdi> })}</>}
      {left > 0 && <> · {t("left", { count: left })}</>}
    </>
  );
}

async function Changes({ shown: { run, counts } }: { shown: ShownRun }) {
  const t = await getTranslations("bulk");
  const change =
    run.status === "running" ? "stop" : run.status === "stopped" && counts.waiting > 0 ? "goOn" : counts.failed > 0 ? "retry" : null;
  if (!change) return null;
  return (
    <form action={changeRunAction}>
      <input type="hidden" name="run" value={run.id} />
      <SubmitButton tone="secondary" name="change" value={change === "stop" ? "stop" : "go_on"}>
        {t(`change.${change}`)}
      </SubmitButton>
    </form>
  );
}
