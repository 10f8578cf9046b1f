import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { ExactTime } from "@/components/connections/exact-time";
import { Notice } from "@/components/ui/notice";

type Props = { held: { reason: string; until: Date }; platform: string; action?: ReactNode };

// An admin holds the platform back: why, and until when.
export function HeldNotice({ held, platform, action }: Props) {
  const t = useTranslations("connect.held");
  return (
    <Notice tone="info" title={t.rich("title", { platform: () => <bdi>{platform}</bdi> })} action={action}>
      <p>
        <bdi>{held.reason}</bdi>
      </p>
      <p className="text-sm">{t.rich("until", { time: () => <ExactTime at={held.until} /> })}</p>
    </Notice>
  );
}
