import { database } from "@/db/client";
import type { Place } from "@/db/connection-facts";
import { type Delivery, listDeliveries } from "@/db/deliveries";
import type { Actor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import type { Locale } from "@/lib/locale";
import { alertTexts } from "@/lib/mail/alert-texts";

const PLACE = /^(-?\d{1,16})\.(\w{1,64})$/;
const PAGE = 25;

export type DeliveryView = Pick<Delivery, "id" | "kind" | "channel" | "status" | "tries" | "lastResult" | "createdAt"> & {
  /** What it says of an alert; null: it is about none, and its kind says all. */
  headline: string | null;
  to: string;
  /** Null: it is not tried again by itself. */
  nextAt: Date | null;
};

export type DeliveryLog = { rows: DeliveryView[]; after: string | null; isFirst: boolean };

/** One page of what was sent to anybody, the newest first. `after`: a place that a page before named. */
export async function deliveryLog(actor: Actor, after: unknown, language: Locale, limit = PAGE): Promise<DeliveryLog> {
  authorize(actor, "alerts.manage");
  const [, at, id] = PLACE.exec(typeof after === "string" ? after : "") ?? [];
  const place: Place | null = at && id ? { at, id } : null;
  const rows = await listDeliveries(database(), place, limit + 1);
  const shown = rows.slice(0, limit);
  const last = shown.at(-1)?.place;
  return {
    rows: shown.map((row) => view(row, language)),
    after: rows.length > limit && last ? `${last.at}.${last.id}` : null,
    isFirst: place === null,
  };
}

function view(row: Delivery, language: Locale): DeliveryView {
  const { id, kind, channel, status, tries, lastResult, createdAt, address } = row;
  const headline = alertTexts(kind, row.facts, language, createdAt)?.subject ?? null;
  return {
    id,
    kind,
    channel,
    status,
    tries,
    lastResult,
    createdAt,
    headline,
    to: address,
    nextAt: status === "pending" ? row.nextAt : null,
  };
}
