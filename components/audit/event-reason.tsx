import { useTranslations } from "next-intl";
import type { EventView } from "@/lib/audit/event-view";

/** Why, in the words of whoever did it, and where more of it stands. */
export function EventReason({ event: { reason, facts } }: { event: EventView }) {
  const t = useTranslations("audit");
  const ticket = typeof facts.ticket === "string" && facts.ticket;
  if (!reason && !ticket) return null;
  return (
    <span className="block text-muted">
      {reason && (
        <>
          {t("reason")} <q className="text-ink">{<bdi>{reason}</bdi>}</q>{" "}
        </>
      )}
      {ticket && (
        <span className="whitespace-nowrap">
          {t("ticket")} <bdi className="font-mono text-ink">{ticket}</bdi>
        </span>
      )}
    </span>
  );
}
