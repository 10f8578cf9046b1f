import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { PlatformList } from "@/components/connect/platform-list";
import { PageHeader } from "@/components/shell/page-header";
import { requireLink } from "@/lib/auth/connector";
import { connectable } from "@/lib/connections/catalogue";

type Props = { params: Promise<{ link: string }> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("connect"))("title") };
}

export default async function LinkCataloguePage({ params }: Props) {
  const actor = await requireLink((await params).link, "connection.connect");
  if (actor.offer !== null) redirect(`/by-link/${actor.id}/${actor.offer}`);
  const [offers, t, words] = await Promise.all([connectable(), getTranslations("connect"), getTranslations("link")]);
  return (
    <div className="mx-auto max-w-prose">
      <PageHeader title={words.rich("title", { merchant: () => <bdi>{actor.name}</bdi> })} lead={t("lead")} />
      <PlatformList offers={offers} link={actor.id} />
      <p className="mt-6 text-sm text-muted">{words("missing")}</p>
    </div>
  );
}
