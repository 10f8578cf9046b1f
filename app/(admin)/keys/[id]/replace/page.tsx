import type { Metadata } from "next";
import { loadKey } from "@/app/(admin)/keys/[id]/load-key";
import { replaceAction } from "@/app/(admin)/keys/actions";
import { ReplaceKey } from "@/components/keys/replace-key";
import { PageHeader } from "@/components/shell/page-header";

type Props = { params: Promise<{ id: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { key, t } = await loadKey((await params).id);
  return { title: `${t("replacing.title", { name: key.name })} — ${t("title")}` };
}

export default async function ReplaceKeyPage({ params }: Props) {
  const { key, t } = await loadKey((await params).id);
  return (
    <>
      <PageHeader title={t("replacing.title", { name: key.name })} lead={t("replacing.lead")} back={{ href: "/keys", label: t("back") }} />
      <ReplaceKey keyId={key.id} action={replaceAction} />
    </>
  );
}
