import { X } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { CopyableId } from "@/components/connections/copyable-id";
import { ExactTime } from "@/components/connections/exact-time";
import { FactList } from "@/components/ui/fact-list";
import type { EventView } from "@/lib/audit/event-view";
import { EventActor } from "./event-actor";
import { EventReason } from "./event-reason";
import { EventResult } from "./event-result";
import { eventSentence } from "./event-sentence";
import { EventTarget } from "./event-target";

type Props = { event: EventView; closeHref: string };

// Everything that is known of one event, at an address of its own.
export function EventDetail({ event, closeHref }: Props) {
  const t = useTranslations("audit");
  const everything = useTranslations();
  const { id, kind, at, actor, address, connection, merchant, attemptId, facts, denied } = event;
  const known = [
    { label: t("detail.local"), value: <ExactTime at={at} show="exact" /> },
    { label: t("detail.utc"), value: <code dir="ltr">{at.toISOString()}</code> },
    { label: t("detail.actor"), value: <EventActor actor={actor} /> },
    { label: t("detail.address"), value: address ? <bdi className="font-mono">{address}</bdi> : t("notRecorded") },
    { label: t("table.target"), value: <EventTarget event={event} /> },
    ...(connection ? [{ label: t("detail.connection"), value: <CopyableId value={connection.id} label={t("detail.connection")} /> }] : []),
    ...(merchant ? [{ label: t("detail.merchant"), value: <CopyableId value={merchant.id} label={t("detail.merchant")} /> }] : []),
    ...(attemptId ? [{ label: t("detail.attempt"), value: <CopyableId value={attemptId} label={t("detail.attempt")} /> }] : []),
    { label: t("detail.kind"), value: <code dir="ltr">{kind}</code> },
  ];
  const more = Object.entries(facts).filter(([, value]) => value !== null);
  return (
    <section aria-labelledby="event" className="mb-6 rounded-lg border border-line-strong/60 bg-surface-raised p-5">
      <div className="flex items-start justify-between gap-4">
        <h2 id="event" tabIndex={-1} className="text-lg font-semibold">
          {t("detail.title", { id: String(id) })}
        </h2>
        <Link
          href={closeHref}
          prefetch={false}
          aria-label={t("detail.close")}
          className="inline-flex size-11 items-center justify-center rounded-md hover:bg-surface-sunken"
        >
          <X size={18} aria-hidden="true" />
        </Link>
      </div>
      <p className="mb-3 flex flex-wrap items-center gap-x-3 gap-y-1">
        {eventSentence(everything, kind, facts)} <EventResult denied={denied} />
      </p>
      <EventReason event={event} />
      <FactList facts={known} />
      {more.length > 0 && (
        <>
          <h3 className="mt-4 font-medium">{t("detail.facts")}</h3>
          <dl dir="ltr" className="mt-1 grid gap-x-6 gap-y-1 font-mono text-sm sm:grid-cols-[auto_minmax(0,1fr)]">
            {more.map(([name, value]) => (
              <div key={name} className="contents">
                <dt className="text-muted">{name}</dt>
                <dd className="wrap-anywhere">{String(value)}</dd>
              </div>
            ))}
          </dl>
        </>
      )}
    </section>
  );
}
