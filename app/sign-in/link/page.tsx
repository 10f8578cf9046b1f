import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { SubmitButton } from "@/components/forms/submit-button";
import { MessagePage } from "@/components/shell/message-page";
import { ButtonLink } from "@/components/ui/button-link";
import { emailAddress } from "@/lib/auth/email-address";
import { isLiveLink } from "@/lib/auth/is-live-link";
import { returnPath } from "@/lib/auth/return-path";

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("signIn"))("title") };
}

/** Opening a mailed link shows a button; only its POST spends the link, so that previews and mail scanners spend nothing. */
export default async function LinkPage({ searchParams }: Props) {
  const t = await getTranslations("signIn.link");
  const query = await searchParams;
  const email = emailAddress(query.email);
  const token = typeof query.token === "string" ? query.token : "";
  const to = returnPath(query.to);
  if (!email || !token || !(await isLiveLink(email, token))) {
    const back = `/sign-in?${new URLSearchParams({ to })}`;
    return (
      <MessagePage
        title={t("dead.title")}
        action={
          <ButtonLink href={back} tone="primary">
            {t("dead.button")}
          </ButtonLink>
        }
      >
        <p>{t("dead.text")}</p>
      </MessagePage>
    );
  }
  const button = (
    <form method="post" action="/api/auth/callback/email">
      <input type="hidden" name="email" value={email} />
      <input type="hidden" name="token" value={token} />
      <input type="hidden" name="to" value={to} />
      <SubmitButton>{t("button")}</SubmitButton>
    </form>
  );
  return (
    <MessagePage title={t("title")} action={button}>
      <p>{t.rich("text", { email, bdi: (chunks) => <bdi className="font-medium text-ink">{chunks}</bdi> })}</p>
    </MessagePage>
  );
}
