import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { cache } from "react";
import { callerAction } from "@/app/caller-action";
import { decided } from "@/app/decided";
import { DisconnectDialog } from "@/components/connections/disconnect-dialog";
import { DoneNote } from "@/components/connections/done-note";
import { readDone } from "@/components/connections/done-word";
import { HeldStores } from "@/components/connections/held-stores";
import { platformLabel } from "@/components/connections/platform-text";
import { StatePill } from "@/components/connections/state-pill";
import { StoreBody } from "@/components/connections/store-body";
import { StorePlatform } from "@/components/connections/store-platform";
import { StoreTools } from "@/components/connections/store-tools";
import { Callers } from "@/components/keys/callers";
import { PageHeader } from "@/components/shell/page-header";
import { ProviderTile } from "@/components/ui/provider-tile";
import { requireActor } from "@/lib/auth/session";
import { show } from "@/lib/connections/show";
import { showCallers } from "@/lib/keys/show-callers";
import { disconnectAction, renewAction, testAction } from "./actions";

type Props = { params: Promise<{ id: string }>; searchParams: Promise<Record<string, string | string[] | undefined>> };

const load = cache(async (id: string) => {
  const actor = await requireActor("connection.read");
  // Staff have a page of their own for it, with what only they may see.
  if (actor.role !== "merchant") redirect(`/support/${encodeURIComponent(id)}`);
  return { actor, ...(await decided(show(actor, id))) };
});

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const [{ connection }, t] = await Promise.all([load((await params).id), getTranslations("connections")]);
  return { title: `${connection.name ?? t("unnamed")} — ${t("title")}` };
}

const DIALOG = "disconnect-store";

export default async function ConnectionPage({ params, searchParams }: Props) {
  const [shown, query, t, platforms] = await Promise.all([
    load((await params).id),
    searchParams,
    getTranslations("connections"),
    getTranslations("platforms"),
  ]);
  const { connection, asOf } = shown;
  const callers = await showCallers(shown.actor, connection);
  const live = connection.status === "active" || connection.status === "reconnect";
  const done = readDone(query);
  return (
    <>
      <PageHeader
        title={<bdi>{connection.name ?? t("unnamed")}</bdi>}
        back={{ href: "/connections", label: t("detail.back") }}
        tile={<ProviderTile tile={connection.provider} monogram={connection.monogram} size={48} />}
        beside={<StatePill state={connection.state} audience="merchant" />}
        lead={<StorePlatform connection={connection} />}
      />
      {done && <DoneNote done={done} platform={platformLabel(platforms, connection)} />}
      <HeldStores rows={[connection]} />
      <StoreBody
        shown={shown}
        allEvents={query.events === "all"}
        callers={<Callers connectionId={connection.id} callers={callers} asOf={asOf} action={callerAction} />}
        tools={live && <StoreTools connection={connection} test={testAction} renew={renewAction} dialogId={DIALOG} />}
      />
      {live && <DisconnectDialog id={DIALOG} shown={shown} action={disconnectAction} />}
    </>
  );
}
