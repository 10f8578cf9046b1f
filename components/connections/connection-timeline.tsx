import { useTranslations } from "next-intl";
import { eventSentence } from "@/components/audit/event-sentence";
import type { Tone } from "@/components/ui/tone";
import type { TimelineEntry } from "@/lib/connections/show";
import { Timeline } from "./timeline";
import { troubleText } from "./trouble-text";

type Props = { entries: TimelineEntry[]; provider: string; now: Date; olderHref?: string };

const tones: Record<string, Tone> = {
  "connection.connected": "positive",
  "connection.reconnected": "positive",
  "connection.renewed": "positive",
  "connection.tested": "positive",
  "connection.renewal_failed": "warning",
  "connection.renewal_in_doubt": "warning",
  "connection.quarantined": "warning",
  "connection.revoke_unconfirmed": "warning",
  "connection.needs_reconnect": "critical",
  "attempt.failed": "warning",
  "attempt.held_elsewhere": "warning",
};

// What happened, newest first, in plain sentences. What staff gave as a reason is there only where show() gave it.
export function ConnectionTimeline({ entries, provider, now, olderHref }: Props) {
  const t = useTranslations("connection");
  const everything = useTranslations();
  const platforms = useTranslations("platforms");
  // How an attempt ended is its whole sentence; only a failure has a cause besides.
  const cause = ({ kind, facts: { trouble, code } }: TimelineEntry) =>
    typeof code === "string" && (kind === "attempt.failed" || !kind.startsWith("attempt."))
      ? troubleText(t, platforms, { provider, trouble: typeof trouble === "string" ? trouble : null, code })
      : null;
  return (
    <Timeline
      now={now}
      olderHref={olderHref}
      items={entries.map((entry) => {
        const why = cause(entry);
        return {
          id: String(entry.id),
          at: entry.at,
          actor: entry.actor ?? undefined,
          tone: tones[entry.kind],
          sentence: (
            <>
              {eventSentence(everything, entry.kind, entry.facts)}
              {why && ` ${why}`}
              {entry.reason && (
                <span className="block text-muted">
                  {t.rich("reason", { reason: () => <q className="text-ink">{<bdi>{entry.reason}</bdi>}</q> })}
                  {entry.facts.ticket && <> · {t.rich("ticket", { ticket: () => <bdi>{entry.facts.ticket}</bdi> })}</>}
                </span>
              )}
            </>
          ),
          details: typeof entry.facts.code === "string" ? <code dir="ltr">{entry.facts.code}</code> : undefined,
        };
      })}
    />
  );
}
