import type { Metadata } from "next";
import { loadKey } from "@/app/(admin)/keys/[id]/load-key";
import { revokeAction } from "@/app/(admin)/keys/actions";
import { ExactTime } from "@/components/connections/exact-time";
import { TypedNameForm } from "@/components/providers/typed-name-form";
import { PageHeader } from "@/components/shell/page-header";
import { FactList } from "@/components/ui/fact-list";
import { singleValues } from "@/lib/single-values";

type Props = { params: Promise<{ id: string }>; searchParams: Promise<Record<string, string | string[] | undefined>> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { key, t } = await loadKey((await params).id);
  return { title: `${t("revoking.title", { name: key.name })} — ${t("title")}` };
}

export default async function RevokeKeyPage({ params, searchParams }: Props) {
  const [{ key, asOf, t }, query] = await Promise.all([params.then(({ id }) => loadKey(id)), searchParams.then(singleValues)]);
  const { id, name, lastUsedAt } = key;
  const used = lastUsedAt ? <ExactTime at={lastUsedAt} now={asOf} /> : t("table.never");
  return (
    <div className="max-w-prose">
      <PageHeader title={t("revoking.title", { name })} lead={t("revoking.lead")} back={{ href: "/keys", label: t("back") }} />
      <div className="mb-6">
        <FactList facts={[{ label: t("revoking.used"), value: used }]} />
      </div>
      <TypedNameForm
        action={revokeAction}
        hidden={{ keyId: id }}
        platform={name}
        submit={t("revoking.submit", { name })}
        // What ends access here is not kept from whoever must act fast.
        signInFor={null}
        error={query.problem === "name" ? t("problem.name") : undefined}
      />
    </div>
  );
}
