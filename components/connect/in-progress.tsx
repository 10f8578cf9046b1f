import Link from "next/link";
import { useTranslations } from "next-intl";
import { Notice } from "@/components/ui/notice";

export function InProgress({ attemptId, platform }: { attemptId: string; platform: string }) {
  const t = useTranslations("connect.inProgress");
  return (
    <Notice
      tone="info"
      title={t("title")}
      action={
        <Link href={`/connect/result/${attemptId}`} prefetch={false} className="link inline-flex min-h-11 items-center font-medium">
          {t("action")}
        </Link>
      }
    >
      {t("text", { platform })}
    </Notice>
  );
}
