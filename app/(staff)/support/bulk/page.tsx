import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { revokeCauses } from "@/app/(staff)/support/[id]/revoke/causes";
import { PageHeader } from "@/components/shell/page-header";
import { BulkForm } from "@/components/support/bulk/bulk-form";
import { RecentRuns } from "@/components/support/bulk/recent-runs";
import { SelectionSummary } from "@/components/support/bulk/selection-summary";
import { ButtonLink } from "@/components/ui/button-link";
import { Notice } from "@/components/ui/notice";
import type { UserActor } from "@/lib/auth/actor";
import { requireActor } from "@/lib/auth/session";
import { MOST_SELECTED } from "@/lib/bulk/acts";
import { isFresh } from "@/lib/bulk/is-fresh";
import { type Chosen, chosenOf } from "@/lib/bulk/selection";
import { listRuns } from "@/lib/bulk/show-run";
import { summarize } from "@/lib/bulk/summarize";
import { startBulkAction } from "./actions";
import { fieldsOf } from "./chosen-fields";

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export async function generateMetadata(): Promise<Metadata> {
  const [t, support] = await Promise.all([getTranslations("bulk"), getTranslations("support")]);
  return { title: `${t("name")} — ${support("title")}` };
}

// From a selection: what would be done, to be confirmed. Without one: what was done lately.
export default async function BulkPage({ searchParams }: Props) {
  const actor = await requireActor("bulk.run");
  const [t, asked] = await Promise.all([getTranslations("bulk"), searchParams]);
  const chosen = chosenOf(asked);
  const list = typeof asked.query === "string" && asked.query ? `/support?${asked.query}` : "/support";
  if (chosen && (chosen.query !== null || chosen.ids.length > 0)) return <Confirm actor={actor} chosen={chosen} list={list} />;
  const runs = await listRuns(actor);
  return (
    <>
      <PageHeader title={t("name")} lead={t(chosen ? "nothingChosen" : "lead")} back={{ href: list, label: t("back") }} />
      <h2 className="mb-3 text-lg font-semibold">{t("recent.title")}</h2>
      <RecentRuns runs={runs} />
    </>
  );
}

async function Confirm({ actor, chosen, list }: { actor: UserActor; chosen: Chosen; list: string }) {
  const { act } = chosen;
  const [t, form, revoke, summary, fresh] = await Promise.all([
    getTranslations("bulk"),
    getTranslations("form"),
    getTranslations("support.revoke"),
    summarize(actor, chosen),
    isFresh(actor),
  ]);
  const { count, tooMany } = summary;
  const fields = fieldsOf(chosen);
  const again = `/sign-in?${new URLSearchParams({ fresh: "1", to: `/support/bulk?${new URLSearchParams(fields)}` })}`;
  const cancel = (
    <ButtonLink href={list} prefetch={false} className="max-sm:w-full">
      {t("cancel")}
    </ButtonLink>
  );
  return (
    <div className="max-w-prose space-y-8">
      <PageHeader title={t(`title.${act}`, { count })} back={{ href: list, label: t("back") }} />
      <SelectionSummary act={act} summary={summary} />
      {tooMany && (
        <Notice tone="critical" title={t("tooMany.title", { count: MOST_SELECTED })}>
          <p>{t("tooMany.text")}</p>
        </Notice>
      )}
      {!tooMany && count === 0 && <p>{t("nothingToDo")}</p>}
      {!tooMany && count > 0 && act === "revoke" && !fresh && (
        <Notice
          tone="info"
          title={t("fresh.title")}
          action={
            <ButtonLink tone="primary" href={again} prefetch={false}>
              {t("fresh.button")}
            </ButtonLink>
          }
        >
          <p>{t("fresh.text")}</p>
        </Notice>
      )}
      {!tooMany && count > 0 && (act !== "revoke" || fresh) && (
        <BulkForm
          action={startBulkAction}
          chosen={fields}
          count={count}
          problem={form("problem")}
          submit={t(`title.${act}`, { count })}
          cancel={cancel}
          asking={
            act === "revoke"
              ? {
                  causes: [
                    { value: "", label: revoke("choose") },
                    ...revokeCauses.map((cause) => ({ value: cause, label: revoke(`cause.${cause}`) })),
                  ],
                  texts: {
                    cause: revoke("reason"),
                    details: revoke("details"),
                    detailsHint: revoke("detailsHint"),
                    ticket: revoke("ticket"),
                    optional: revoke("optional"),
                    count: t("confirm"),
                    countHint: t("confirmHint"),
                  },
                }
              : null
          }
        />
      )}
    </div>
  );
}
