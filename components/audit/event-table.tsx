import Link from "next/link";
import { useTranslations } from "next-intl";
import { ExactTime } from "@/components/connections/exact-time";
import { Cell, HeadCell, Row, Table } from "@/components/ui/table";
import type { EventView } from "@/lib/audit/event-view";
import { EventActor } from "./event-actor";
import { EventReason } from "./event-reason";
import { EventResult } from "./event-result";
import { eventSentence } from "./event-sentence";
import { EventTarget } from "./event-target";

type Props = { rows: EventView[]; asOf: Date; opened: number | null; hrefOf: (id: number) => string };

const columns = ["what", "actor", "target", "result", "when", "address"] as const;

// Each row is a sentence, and the sentence is the way to all that is known of it.
export function EventTable({ rows, asOf, opened, hrefOf }: Props) {
  const t = useTranslations("audit");
  const everything = useTranslations();
  return (
    <Table
      caption={t("table.caption")}
      cardsUnder="wide"
      head={columns.map((name) => <HeadCell key={name}>{t(`table.${name}`)}</HeadCell>)}
    >
      {rows.map((event) => (
        <Row key={event.id} className={event.id === opened ? "bg-accent-surface" : ""}>
          <Cell whole className="min-w-64">
            <Link
              href={hrefOf(event.id)}
              prefetch={false}
              aria-current={event.id === opened ? "true" : undefined}
              className="link inline-flex min-h-6 items-center font-medium"
            >
              {eventSentence(everything, event.kind, event.facts)}
            </Link>
            <EventReason event={event} />
          </Cell>
          <Cell label={t("table.actor")}>
            <EventActor actor={event.actor} />
          </Cell>
          <Cell label={t("table.target")}>
            <EventTarget event={event} />
          </Cell>
          <Cell label={t("table.result")}>
            <EventResult denied={event.denied} />
          </Cell>
          <Cell label={t("table.when")}>
            <ExactTime at={event.at} show="cell" now={asOf} />
          </Cell>
          <Cell label={t("table.address")} none={event.address === null}>
            {event.address ? <bdi className="font-mono">{event.address}</bdi> : <span className="text-muted">{t("notRecorded")}</span>}
          </Cell>
        </Row>
      ))}
    </Table>
  );
}
