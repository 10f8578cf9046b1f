import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { ButtonLink } from "@/components/ui/button-link";
import { Disclosure } from "@/components/ui/disclosure";
import type { Tone } from "@/components/ui/tone";
import { ExactTime } from "./exact-time";

export type TimelineItem = {
  id: string;
  at: Date;
  sentence: ReactNode;
  actor?: string;
  tone?: Tone;
  details?: ReactNode;
};

type Props = { items: TimelineItem[]; olderHref?: string; now?: Date };

const dot: Record<Tone, string> = {
  positive: "bg-positive",
  info: "bg-info",
  warning: "bg-warning",
  critical: "bg-critical",
  neutral: "bg-line-strong",
};

export function Timeline({ items, olderHref, now }: Props) {
  const t = useTranslations("timeline");
  if (items.length === 0) return <p className="text-muted">{t("empty")}</p>;
  return (
    <>
      <ol className="space-y-5 border-s border-line ps-5">
        {items.map(({ id, at, sentence, actor, tone = "neutral", details }) => (
          <li key={id} className="relative">
            <span aria-hidden="true" className={`absolute -start-[1.5625rem] top-2 size-2 rounded-full ${dot[tone]}`} />
            <p>{sentence}</p>
            <p className="text-sm text-muted">
              <ExactTime at={at} now={now} />
              {actor && (
                <>
                  {" · "}
                  <bdi>{actor}</bdi>
                </>
              )}
            </p>
            {details && (
              <Disclosure size="small" summary={t("details")}>
                <div className="text-sm wrap-anywhere">{details}</div>
              </Disclosure>
            )}
          </li>
        ))}
      </ol>
      {olderHref && (
        <div className="mt-5">
          <ButtonLink href={olderHref}>{t("older")}</ButtonLink>
        </div>
      )}
    </>
  );
}
