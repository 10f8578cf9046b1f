import type { connections } from "@/db/schema";

export type StoreRow = Partial<typeof connections.$inferInsert>;

export const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000);
export const inDays = (days: number) => inMinutes(days * 1440);

/** One store in each state that a page can show, as rows: which facts make which state is proved elsewhere. */
export const storeStates = (): Record<string, StoreRow> => ({
  healthy: { offer: "square", label: "Riyadh shop", expiresAt: inDays(28), nextRefreshAt: inDays(5) },
  needs_reconnect: { offer: "ultracart", label: "Jeddah shop", status: "reconnect", trouble: "reconnect", troubleCode: "refresh_refused" },
  expiring_soon: { offer: "oauth2", label: "متجر الأمل", renewable: false, issuedAt: inDays(-28), expiresAt: inDays(2) },
  expired_renewable: { offer: "square", label: "Corner shop", issuedAt: inDays(-31), expiresAt: inDays(-1) },
  refresh_failing: {
    offer: "square",
    label: "Harbour store",
    expiresAt: inDays(20),
    nextRefreshAt: inMinutes(25),
    failures: 3,
    firstFailureAt: inMinutes(-40),
    trouble: "transient",
    troubleCode: "unreachable",
    troubleAt: inMinutes(-6),
  },
  renewal_late: { offer: "square", label: "Old town store", issuedAt: inDays(-10), expiresAt: inDays(20) },
  unknown: { offer: "noon", label: "PRJ410003", lastProofAt: null },
  renewing: { offer: "square", label: "Airport kiosk", expiresAt: inDays(22), leaseUntil: inMinutes(5) },
  on_demand: { offer: "norce", label: "Acme web shop", environment: "stage", issuedAt: inMinutes(-3), expiresAt: inMinutes(9) },
  no_end: { offer: "noon", label: "A store with quite a long name that somebody once thought was a good idea for everybody" },
  // A platform that was taken out of the configuration, and a second connection of one account.
  unconfigured: { offer: "square-old", provider: "square", label: "Riyadh shop, warehouse", accountId: "ACCOUNT-HEALTHY" },
  pending: { offer: "square", label: "New branch", status: "pending", connectedAt: null, leaseUntil: inDays(1), attemptId: "waiting" },
  parked: {
    offer: "square",
    label: null,
    accountLabel: "Riyadh shop",
    accountId: "ACCOUNT-HEALTHY",
    status: "pending",
    connectedAt: null,
    leaseUntil: inDays(1),
    troubleCode: "held_elsewhere",
  },
  revoking: {
    offer: "square",
    label: "Mall stand",
    status: "revoking",
    revokeAskedAt: inMinutes(-5),
    revokeTries: 2,
    revokeNextAt: inDays(1),
    trouble: "transient",
    troubleCode: "unreachable",
  },
  revoked: {
    offer: "ultracart",
    label: "Closed branch",
    status: "revoked",
    revokedAt: inDays(-3),
    revokeAskedAt: inDays(-3),
    revokeConfirmed: "remote",
    revokedBy: "staff",
    revokeReason: "Suspected misuse",
  },
  by_hand: {
    offer: "norce",
    label: "Trial shop",
    environment: "playground",
    status: "revoked",
    revokedAt: inDays(-9),
    revokeConfirmed: "local",
  },
});

/** What happened to a store, the oldest first, with the days since. */
export const story: { kind: string; daysAgo: number; facts?: Record<string, string> }[] = [
  { kind: "connection.connected", daysAgo: 40 },
  ...Array.from({ length: 18 }, (_, index) => ({ kind: "connection.renewed", daysAgo: 38 - index * 2 })),
  { kind: "connection.renewal_failed", daysAgo: 2.1, facts: { trouble: "transient", code: "unreachable" } },
  { kind: "connection.renewed", daysAgo: 2 },
  { kind: "connection.tested", daysAgo: 0.014 },
];
