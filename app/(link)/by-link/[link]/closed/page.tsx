import type { Metadata } from "next";
import { notFound, redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { LinkClosed } from "@/components/links/link-closed";
import { linkOfRequest } from "@/lib/auth/connector";
import { isLinkId } from "@/lib/links/link-id";
import { wonAttempt } from "@/lib/links/won-attempt";

type Props = { params: Promise<{ link: string }> };

async function load({ params }: Props) {
  const { link } = await params;
  if (!isLinkId(link)) notFound();
  const actor = await linkOfRequest(link);
  if (actor && !actor.closed) redirect(`/by-link/${link}`);
  return { why: actor?.closed ?? ("elsewhere" as const), resultHref: actor && (await wonAttempt(actor)) };
}

export async function generateMetadata(props: Props): Promise<Metadata> {
  const [t, { why }] = await Promise.all([getTranslations("link"), load(props)]);
  return { title: t(`closed.${why}.title`) };
}

export default async function LinkClosedPage(props: Props) {
  return <LinkClosed {...(await load(props))} />;
}
