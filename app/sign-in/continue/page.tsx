import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { MessagePage } from "@/components/shell/message-page";
import { buttonClass } from "@/components/ui/button";
import { providerDestination } from "@/lib/auth/begin-provider-sign-in";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("signIn"))("title") };
}

/** A form may not lead to a foreign host (CSP form-action), so this page of ours does, by itself and by a link. */
export default async function ContinuePage() {
  const destination = await providerDestination();
  if (!destination) redirect("/sign-in");
  const t = await getTranslations("signIn.continue");
  const host = destination.host;
  const link = (
    <a href={destination.href} rel="noreferrer" className={buttonClass({ tone: "primary" })}>
      {t("button", { host })}
    </a>
  );
  return (
    <>
      <meta httpEquiv="refresh" content={`0;url=${destination.href}`} />
      <MessagePage title={t("title", { host })} action={link}>
        <p>{t("text", { host })}</p>
      </MessagePage>
    </>
  );
}
