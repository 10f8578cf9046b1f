import { database } from "@/db/client";
import { type AttemptOutcome, attempts, connections, events } from "@/db/schema";
import type { Someone } from "./test";

type Row = Partial<typeof connections.$inferInsert>;
type Outcome = AttemptOutcome | "used";

const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000);
const inDays = (days: number) => inMinutes(days * 1440);

/** One store in each state that a page can show, as rows: which facts make which state is proved elsewhere. */
const states = (): Record<string, Row> => ({
  healthy: { offer: "square", label: "Riyadh shop", expiresAt: inDays(25) },
  needs_reconnect: { offer: "ultracart", label: "Jeddah shop", status: "reconnect", trouble: "reconnect", troubleCode: "refresh_refused" },
  expiring_soon: { offer: "oauth2", label: "متجر الأمل", renewable: false, issuedAt: inDays(-28), expiresAt: inDays(2) },
  expired_renewable: { offer: "square", label: "Corner shop", issuedAt: inDays(-31), expiresAt: inDays(-1) },
  refresh_failing: {
    offer: "square",
    label: "Harbour store",
    expiresAt: inDays(20),
    failures: 3,
    firstFailureAt: inMinutes(-40),
    trouble: "transient",
    troubleCode: "unreachable",
  },
  renewal_late: { offer: "square", label: "Old town store", issuedAt: inDays(-10), expiresAt: inDays(20) },
  unknown: { offer: "noon", label: "PRJ410003", lastProofAt: null },
  renewing: { offer: "square", label: "Airport kiosk", expiresAt: inDays(22), leaseUntil: inMinutes(5) },
  on_demand: { offer: "norce", label: "Acme web shop", environment: "stage", expiresAt: inMinutes(9) },
  no_end: { offer: "noon", label: "A store with quite a long name that somebody once thought was a good idea for everybody" },
  revoking: {
    offer: "square",
    label: "Mall stand",
    status: "revoking",
    revokeAskedAt: inMinutes(-5),
    revokeTries: 2,
    revokeNextAt: inDays(1),
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

const outcomes: Record<Outcome, { troubleCode?: string; reconnecting?: boolean; result?: string; customerText?: string }> = {
  connected: { result: "healthy" },
  renewed: { result: "healthy", reconnecting: true },
  different_account: { result: "expiring_soon", reconnecting: true },
  held_elsewhere: {},
  denied: { troubleCode: "access_denied" },
  nothing: {},
  timed_out: {},
  used: { troubleCode: "code_refused" },
  not_matched: {},
  replaced: { reconnecting: true },
  cancelled: { troubleCode: "offer_changed" },
  refused: { troubleCode: "server_error", customerText: "This shop is closed for maintenance." },
  unreachable: { troubleCode: "unreachable" },
  our_fault: { troubleCode: "invalid_client" },
  abandoned: { reconnecting: true },
};

export type Scene = { stores: Record<string, string>; attempts: Record<Outcome | "waiting", string> };

const idFrom = (prefix: string, name: string) => `${prefix}_${name.replace(/\W|_/g, "").toLowerCase().padEnd(20, "0").slice(0, 20)}`;

/** Gives a merchant's member a store in each state and an attempt of each outcome. */
export async function setScene({ userId, merchantId, email }: Someone): Promise<Scene> {
  const stores: Scene["stores"] = {};
  for (const [state, row] of Object.entries(states())) {
    const offer = row.offer ?? "square";
    stores[state] = idFrom("con", state);
    await database()
      .insert(connections)
      .values({
        id: stores[state],
        merchantId,
        offer,
        provider: offer,
        environment: "production",
        status: "active",
        accountId: `ACCOUNT-${state.toUpperCase()}`,
        scopes: ["MERCHANT_PROFILE_READ", "ORDERS_READ"],
        renewable: true,
        connectedAt: inDays(-40),
        connectedBy: userId,
        issuedAt: inDays(-2),
        lastProofAt: inMinutes(-20),
        ...row,
      });
    for (const kind of ["connection.connected", "connection.renewed", "connection.renewal_failed", "connection.tested"]) {
      const facts: Record<string, string> = kind.endsWith("failed") ? { trouble: "transient", code: "unreachable" } : {};
      await database()
        .insert(events)
        .values({ kind, actorKind: "user", actorId: userId, actorName: email, merchantId, connectionId: stores[state], facts });
    }
  }
  const made = { waiting: idFrom("att", "waiting") } as Scene["attempts"];
  const plain = { offer: "square", offerFingerprint: "scene", merchantId, userId, label: "Riyadh shop", expiresAt: inMinutes(9) };
  await database()
    .insert(attempts)
    .values({ ...plain, id: made.waiting, status: "open" });
  for (const [outcome, { reconnecting, result, ...more }] of Object.entries(outcomes)) {
    const id = idFrom("att", outcome);
    made[outcome as Outcome] = id;
    await database()
      .insert(attempts)
      .values({
        ...plain,
        ...more,
        id,
        status: "finished",
        outcome: outcome === "used" ? "timed_out" : (outcome as AttemptOutcome),
        connectionId: reconnecting ? stores.healthy : null,
        resultId: outcome === "replaced" ? made.connected : result ? stores[result] : null,
      });
  }
  return { stores, attempts: made };
}
