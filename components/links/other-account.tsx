import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { ButtonLink } from "@/components/ui/button-link";
import { Notice } from "@/components/ui/notice";

type Props = { name: string; staff: boolean; merchant: string; go: ReactNode };

// Two who could be meant, and a person who says which: nothing of the one is mixed with the other.
export function OtherAccount({ name, staff, merchant, go }: Props) {
  const t = useTranslations("link.signedIn");
  return (
    <Notice
      tone="warning"
      title={t.rich("title", { name: () => <bdi>{name}</bdi> })}
      action={
        <div className="flex flex-wrap gap-3">
          {go}
          <ButtonLink href={staff ? "/support" : "/connections"} prefetch={false} className="max-sm:w-full">
            <span>{t.rich("stay", { name: () => <bdi>{name}</bdi> })}</span>
          </ButtonLink>
        </div>
      }
    >
      <p>{t.rich("text", { merchant: () => <bdi>{merchant}</bdi> })}</p>
    </Notice>
  );
}
