import Link from "next/link";
import { useTranslations } from "next-intl";
import { Notice } from "@/components/ui/notice";
import { connectBase } from "./connect-base";

export function InProgress({ attemptId, platform, link }: { attemptId: string; platform: string; link: string | null }) {
  const t = useTranslations("connect.inProgress");
  return (
    <Notice
      tone="info"
      title={t("title")}
      action={
        <Link
          href={`${connectBase(link)}/result/${attemptId}`}
          prefetch={false}
          className="link inline-flex min-h-11 items-center font-medium"
        >
          {t("action")}
        </Link>
      }
    >
      {t("text", { platform })}
    </Notice>
  );
}
