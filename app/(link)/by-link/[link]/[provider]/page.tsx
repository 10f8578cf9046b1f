import type { Metadata } from "next";
import { connectAction } from "@/app/(merchant)/connect/[provider]/actions";
import { loadPlatform } from "@/app/connecting/load-platform";
import { PlatformPage } from "@/components/connect/platform-page";
import { requireLink } from "@/lib/auth/connector";
import { newAttemptId } from "@/lib/connections/new-attempt-id";

type Props = {
  params: Promise<{ link: string; provider: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
};

async function load({ params, searchParams }: Props) {
  const { link, provider } = await params;
  const actor = await requireLink(link, "connection.connect");
  return { actor, ...(await loadPlatform(actor, provider, await searchParams)) };
}

export async function generateMetadata(props: Props): Promise<Metadata> {
  return { title: (await load(props)).tab };
}

export default async function LinkPlatformPage(props: Props) {
  const { actor, entry, title, back } = await load(props);
  return (
    <PlatformPage
      entry={entry}
      title={title}
      attemptId={newAttemptId()}
      back={actor.offer === null ? { href: `/by-link/${actor.id}`, label: back } : undefined}
      connect={connectAction}
    />
  );
}
