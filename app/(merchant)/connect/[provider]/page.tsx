import type { Metadata } from "next";
import { loadPlatform } from "@/app/connecting/load-platform";
import { PlatformPage } from "@/components/connect/platform-page";
import { requireActor } from "@/lib/auth/session";
import { newAttemptId } from "@/lib/connections/new-attempt-id";
import { connectAction } from "./actions";

type Props = { params: Promise<{ provider: string }>; searchParams: Promise<Record<string, string | string[] | undefined>> };

const load = async ({ params, searchParams }: Props) =>
  loadPlatform(await requireActor("connection.connect"), (await params).provider, await searchParams);

export async function generateMetadata(props: Props): Promise<Metadata> {
  return { title: (await load(props)).tab };
}

export default async function ConnectPlatformPage(props: Props) {
  const { entry, title, back } = await load(props);
  const { target } = entry;
  return (
    <PlatformPage
      entry={entry}
      title={title}
      attemptId={newAttemptId()}
      back={target ? { href: `/connections/${target.id}`, label: target.name ?? back } : { href: "/connect", label: back }}
      connect={connectAction}
    />
  );
}
