import { database } from "@/db/client";
import { newId } from "@/db/new-id";
import { alertDestinations, alertRules, alerts, deliveries } from "@/db/schema";
import { inDays, inMinutes } from "./store-states";

/** As if an admin had removed everybody who was told of something. */
export async function noDefaults(): Promise<void> {
  await database()
    .insert(alertDestinations)
    .values({ id: newId("dst"), kind: "email", address: "", disabledAt: inDays(-1) });
}

const kinds = { needs_reconnect: 50, point_of_no_return: 7, renewal_late: 1, incident: 1, worker_silent: 10, key_worn: 1 } as const;

/** A destination of each kind, one that wants no more, an alert that stays open for a while, and a message in each state. */
export async function setAlerts(): Promise<void> {
  const [mail, hook, off] = [newId("dst"), newId("dst"), newId("dst")];
  await database()
    .insert(alertDestinations)
    .values([
      { id: mail, kind: "email", address: "a.rather.long.address.of.operations@subsidiary.of.a.company.example", locale: "ar" },
      { id: hook, kind: "webhook", address: "https://receiver.example/services/T0000000/B0000000/hook", previousUntil: inDays(1) },
      { id: off, kind: "webhook", address: "https://no-longer.example/hook", disabledAt: inDays(-1) },
    ]);
  await database()
    .insert(alertRules)
    .values(
      Object.entries(kinds).flatMap(([kind, threshold]) =>
        [mail, hook].map((destinationId) => ({
          id: newId("rul"),
          kind: kind as keyof typeof kinds,
          destinationId,
          threshold,
          enabled: kind !== "renewal_late",
        })),
      ),
    );
  const facts = { offer: "square", count: 1_243, day: "2026-12-09" };
  await database()
    .insert(alerts)
    .values([
      { id: newId("alr"), kind: "needs_reconnect", cause: "scene", facts, openedAt: inMinutes(-40) },
      { id: newId("alr"), kind: "point_of_no_return", cause: "scene", facts: { ...facts, count: 1 }, openedAt: inDays(-1) },
    ]);
  const message = { kind: "alert.opened", locale: "en", facts: { ...facts, about: "needs_reconnect" } };
  const toMail = { ...message, channel: "email" as const, address: "operations@company.example", destinationId: mail };
  const toHook = { ...message, channel: "webhook" as const, address: "receiver.example", destinationId: hook };
  const rows: Omit<typeof deliveries.$inferInsert, "id" | "key">[] = [
    { ...toMail, status: "delivered", tries: 1, lastResult: "accepted", createdAt: inMinutes(-40) },
    { ...toHook, status: "delivered", tries: 3, lastResult: "204", createdAt: inMinutes(-40) },
    { ...toHook, status: "pending", tries: 4, lastResult: "503", nextAt: inDays(2), createdAt: inMinutes(-30) },
    { ...toHook, status: "failed", tries: 90, lastResult: "410", createdAt: inDays(-4), facts: { about: "worker_silent", minutes: 12 } },
    { ...toMail, status: "dropped", tries: 1, lastResult: "no_mail_way", kind: "test", facts: {}, createdAt: inDays(-5) },
    { ...toMail, status: "delivered", tries: 1, lastResult: "accepted", kind: "store_needs_you", facts: {}, createdAt: inDays(-6) },
  ];
  await database()
    .insert(deliveries)
    .values(rows.map((row) => ({ ...row, id: newId("msg"), key: newId("key") })));
}
