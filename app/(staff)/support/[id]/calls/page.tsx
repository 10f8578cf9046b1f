import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { cache } from "react";
import { decided } from "@/app/decided";
import { PageHeader } from "@/components/shell/page-header";
import { CallTable } from "@/components/support/call-table";
import { Pager } from "@/components/support/pager";
import { requireActor } from "@/lib/auth/session";
import { showCalls } from "@/lib/proxy/show-calls";

type Props = { params: Promise<{ id: string }>; searchParams: Promise<Record<string, string | string[] | undefined>> };

const callsOf = cache(async (id: string, before: unknown) => decided(showCalls(await requireActor("support.search"), id, before)));

export async function generateMetadata({ params, searchParams }: Props): Promise<Metadata> {
  const [{ id }, { before }, t] = await Promise.all([params, searchParams, getTranslations("support")]);
  const { storeName } = await callsOf(id, before);
  return { title: `${t("calls.title")} — ${storeName ?? t("table.unnamed")}` };
}

export default async function CallsPage({ params, searchParams }: Props) {
  const [{ id }, { before }, t] = await Promise.all([params, searchParams, getTranslations("support")]);
  const calls = await callsOf(id, before);
  const href = `/support/${id}`;
  const back = { href, label: calls.storeName ?? t("table.unnamed") };
  return (
    <>
      <PageHeader title={t("calls.title")} lead={t("calls.lead")} back={back} />
      {calls.rows.length === 0 ? <p className="text-muted">{t("calls.none")}</p> : <CallTable rows={calls.rows} asOf={calls.asOf} />}
      <Pager
        previousHref={calls.isFirst ? null : `${href}/calls`}
        nextHref={calls.before === null ? null : `${href}/calls?before=${calls.before}`}
      />
    </>
  );
}
