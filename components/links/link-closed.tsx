import { useTranslations } from "next-intl";
import { MessagePage } from "@/components/shell/message-page";
import { ButtonLink } from "@/components/ui/button-link";
import type { Closed } from "@/lib/links/closed";

type Props = {
  why: Closed | "elsewhere";
  // what came of it, for the browser that it belongs to
  resultHref: string | null;
};

// A link that leads nowhere any more, or not in this browser: why, and what to do. It names nobody and nothing.
export function LinkClosed({ why, resultHref }: Props) {
  const t = useTranslations("link.closed");
  return (
    <MessagePage
      title={t(`${why}.title`)}
      action={
        resultHref && (
          <ButtonLink href={resultHref} prefetch={false} tone="primary" className="max-sm:w-full">
            {t("result")}
          </ButtonLink>
        )
      }
    >
      <p>{t(`${why}.text`)}</p>
    </MessagePage>
  );
}
