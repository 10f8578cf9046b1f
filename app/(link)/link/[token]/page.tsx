import type { Metadata } from "next";
import { cookies } from "next/headers";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { cache } from "react";
import { LinkClosed } from "@/components/links/link-closed";
import { LinkFace } from "@/components/links/link-face";
import { currentActor } from "@/lib/auth/session";
import { env } from "@/lib/env";
import { linkCookie } from "@/lib/links/link-cookie";
import { type Looked, lookAtLink } from "@/lib/links/look-at-link";
import { wonAttempt } from "@/lib/links/won-attempt";

type Props = { params: Promise<{ token: string }> };

const look = cache(async (token: string): Promise<Looked> => {
  const jar = await cookies();
  const secure = env().LATCHKEY_URL.startsWith("https:");
  const looked = await lookAtLink(token, (id) => jar.get(linkCookie(id, secure))?.value);
  return looked ?? notFound();
});

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const [t, looked] = await Promise.all([getTranslations("link"), params.then(({ token }) => look(token))]);
  if (looked.kind === "closed") return { title: t(`closed.${looked.why}.title`) };
  if (looked.kind === "elsewhere") return { title: t("closed.elsewhere.title") };
  return { title: t.markup(looked.link.store ? "titleStore" : "title", { merchant: () => looked.link.merchantName }) };
}

// Looking changes nothing, whoever looks and however often: only the button's form does.
export default async function LinkPage({ params }: Props) {
  const { token } = await params;
  const looked = await look(token);
  if (looked.kind === "elsewhere") return <LinkClosed why="elsewhere" resultHref={null} />;
  if (looked.kind === "closed")
    return <LinkClosed why={looked.why} resultHref={looked.link && (await wonAttempt({ id: looked.link, closed: looked.why }))} />;
  const actor = await currentActor();
  const other = actor && !actor.merchants.some(({ id }) => id === looked.link.merchantId);
  const { LATCHKEY_COMPANY: company, LATCHKEY_URL: url } = env();
  return (
    <LinkFace
      face={looked.link}
      token={token}
      company={company ?? null}
      host={new URL(url).host}
      again={looked.kind === "yours"}
      signedIn={other ? { name: actor.name, staff: actor.role !== "merchant" } : null}
    />
  );
}
