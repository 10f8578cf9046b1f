import { Gauge, Registry } from "prom-client";
import { database } from "@/db/client";
import { openIncidents } from "@/db/incidents";
import { countWaiting, dueByOffer, sumTallies } from "@/db/standing";
import { silentForS } from "@/db/workers";
import { changesHeld } from "@/lib/audit/hold";
import { unsealedEvents } from "@/lib/audit/troubles";
import { healthStates } from "@/lib/connections/health";
import { freshOffers } from "@/lib/offers/fresh-offers";
import { offers } from "@/lib/offers/offers";

/** Beyond it a queue is simply long: counting on would cost more the worse things stand. */
const MOST = 10_000;

type Value = readonly [labels: Record<string, string>, value: number];
type Reading = { name: string; help: string; values: readonly Value[] };

/** How things stand in the database. One statement after the other: a scrape takes one connection of the pool and no more. */
export async function readStanding(): Promise<Reading[]> {
  const db = database();
  await freshOffers();
  const slugs = offers().map(({ slug }) => slug);
  const silentS = await silentForS(db);
  const refused = (await openIncidents(db)).map(({ offer }) => offer);
  const due = await dueByOffer(db, slugs, MOST);
  const tallies = await sumTallies(db);
  const waiting = await countWaiting(db, MOST);
  const one = (name: string, help: string, value: number): Reading => ({ name, help, values: [[{}, value]] });
  const each = (name: string, help: string, values: readonly Value[]): Reading => ({ name, help, values });
  return [
    one(
      "worker_silent_seconds",
      "Seconds since any process has done background work; +Inf: none ever has",
      silentS ?? Number.POSITIVE_INFINITY,
    ),
    each(
      "incidents_open",
      "1 while the platform refuses our own client",
      slugs.map((offer) => [{ offer }, refused.includes(offer) ? 1 : 0]),
    ),
    each(
      "due_renewals",
      `Renewals that are due, counted up to ${MOST} for each offer`,
      due.map(({ offer, n }) => [{ offer }, n]),
    ),
    each(
      "overdue_oldest_seconds",
      "For how long the renewal that is due the longest has been",
      due.map(({ offer, oldestS }) => [{ offer }, oldestS ?? 0]),
    ),
    each(
      "connections",
      "Connections by their state as it was last worked out",
      healthStates.map((state) => [{ state }, tallies.get(state) ?? 0]),
    ),
    one("states_waiting", `Connections whose state has to be worked out anew, counted up to ${MOST}`, waiting.states),
    one("notices_waiting", `Platforms' notices that wait to be acted on, counted up to ${MOST}`, waiting.notices),
    one("events_unsealed", "Events that have waited for their place in the audit for more than 10 seconds", await unsealedEvents()),
    one(
      "audit_held",
      "1 while this process changes nothing, because the audit was not what was sealed when it started",
      changesHeld() ? 1 : 0,
    ),
    one("deliveries_waiting", `Messages that wait to be delivered, counted up to ${MOST}`, waiting.deliveries),
  ];
}

/** Null: the database did not answer. What it would have said is missing then, for a number of before would be taken for one of now. */
export function standingText(readings: readonly Reading[] | null): Promise<string> {
  const registry = new Registry();
  const up: Reading = { name: "database_up", help: "1 while the database answers", values: [[{}, readings ? 1 : 0]] };
  for (const { name, help, values } of [up, ...(readings ?? [])]) {
    const labelNames = Object.keys(values[0]?.[0] ?? {});
    const gauge = new Gauge({ name: `latchkey_${name}`, help, labelNames, registers: [registry] });
    for (const [labels, value] of values) gauge.set(labels, value);
  }
  return registry.metrics();
}
