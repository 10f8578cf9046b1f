import { type ActiveRule, activeRules } from "@/db/alert-rules";
import { type Alert, closeAlert, noteAlert, noteGone, openAlert, openAlerts } from "@/db/alerts";
import { database, transaction } from "@/db/client";
import { insertDeliveries, knownKeys } from "@/db/deliveries";
import { insertEvent } from "@/db/events";
import { worker } from "@/lib/auth/actor";
import { type AlertKind, alertKinds, everyKind, reaches } from "./alert-kinds";
import { type Cause, findCauses } from "./find-causes";
import { shownAddress } from "./shown-address";

/**
 * Opens an alert for each cause that some rule wants to be told of, and closes those whose cause is gone. Every destination gets one
 * message when its own rule is reached, and where an end is certain one more when it is over. Any number of processes may watch at once.
 * `working`: this process does the background work itself, so that no worker is silent whatever the last word of one says.
 */
export async function watch(kinds: readonly AlertKind[] = everyKind, { working = false } = {}): Promise<void> {
  const rules = (await activeRules(database())).filter(({ kind }) => kinds.includes(kind));
  // In this order: one that somebody else opens between the two is none of ours to close.
  const open = (await openAlerts(database())).filter(({ kind }) => kinds.includes(kind));
  const causes = (await findCauses(rules)).filter(({ kind }) => !(working && kind === "worker_silent"));
  for (const cause of causes) {
    const alert = open.find(({ kind, cause: name }) => kind === cause.kind && name === cause.cause);
    await raise(
      cause,
      alert,
      rules.filter((rule) => isOf(cause, rule) && reaches(rule.kind, cause.size, rule.threshold)),
    );
  }
  for (const alert of open) {
    const seen = causes.some(({ kind, cause }) => kind === alert.kind && cause === alert.cause);
    if (!seen) await end(alert, rules);
  }
}

const isOf = ({ kind, windowMinutes }: Cause, rule: ActiveRule) =>
  rule.kind === kind && (windowMinutes === null || windowMinutes === rule.windowMinutes);

async function raise(cause: Cause, alert: Alert | undefined, reached: readonly ActiveRule[]): Promise<void> {
  if (alert) {
    await noteAlert(database(), alert.id, cause.facts);
    const told = await knownKeys(
      database(),
      reached.map((rule) => keyOf(alert, rule, "opened")),
    );
    const late = reached.filter((rule) => !told.has(keyOf(alert, rule, "opened")));
    await insertDeliveries(database(), messages(alert, late, "opened", cause.facts));
  } else if (reached.length > 0) {
    await transaction(async (tx) => {
      const opened = await openAlert(tx, { kind: cause.kind, cause: cause.cause, facts: cause.facts });
      if (!opened) return;
      await insertEvent(tx, { kind: "alert.opened", actor: worker, facts: { ...cause.facts, alert: opened.id, about: cause.kind } });
      await insertDeliveries(tx, messages(opened, reached, "opened", cause.facts));
    });
  }
}

async function end(alert: Alert, rules: readonly ActiveRule[]): Promise<void> {
  const { staysS } = alertKinds[alert.kind];
  if (staysS > 0) await noteGone(database(), alert.id);
  const mine = rules.filter(({ kind }) => kind === alert.kind);
  const told = staysS > 0 ? new Set<string>() : await toldOf(alert, mine);
  await transaction(async (tx) => {
    const closed = await closeAlert(tx, alert.id, staysS);
    if (!closed?.closedAt) return;
    const minutes = Math.max(1, Math.round((closed.closedAt.getTime() - closed.openedAt.getTime()) / 60_000));
    await insertEvent(tx, { kind: "alert.closed", actor: worker, facts: { alert: alert.id, about: alert.kind, minutes } });
    const hearers = mine.filter((rule) => told.has(keyOf(alert, rule, "opened")));
    await insertDeliveries(tx, messages(alert, hearers, "closed", { ...closed.facts, minutes }));
  });
}

const toldOf = (alert: Alert, rules: readonly ActiveRule[]) =>
  knownKeys(
    database(),
    rules.map((rule) => keyOf(alert, rule, "opened")),
  );

type Phase = "opened" | "closed";

const keyOf = (alert: Alert, { destinationId }: ActiveRule, phase: Phase) => `${alert.id}:${destinationId}:${phase}`;

const messages = (alert: Alert, rules: readonly ActiveRule[], phase: Phase, facts: Alert["facts"]) =>
  rules.map((rule) => ({
    kind: `alert.${phase}`,
    channel: rule.channel,
    address: shownAddress(rule.channel, rule.address),
    locale: rule.locale,
    destinationId: rule.destinationId,
    alertId: alert.id,
    key: keyOf(alert, rule, phase),
    facts: { ...facts, about: alert.kind },
  }));
