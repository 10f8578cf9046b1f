import { createHmac } from "node:crypto";
import { bulkItems, bulkRuns } from "@/db/bulk-tables";
import { database } from "@/db/client";
import { type AttemptOutcome, attempts, connections, events } from "@/db/schema";
import { inDays, inMinutes, type StoreRow, storeStates, story } from "./store-states";
import type { Someone } from "./test";

type Outcome = AttemptOutcome | "used";

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

export type Scene = {
  stores: Record<string, string>;
  attempts: Record<Outcome | "waiting" | "finishing", string>;
  /** A run over many connections that was stopped in the middle. */
  bulkRun: string;
  /** What the links of a mail to the merchant's member carry. */
  mailToken: string;
};

const idFrom = (prefix: string, name: string) => `${prefix}_${name.replace(/\W|_/g, "").toLowerCase().padEnd(20, "0").slice(0, 20)}`;

/** A store as a row; resolves to its id. */
export async function addStore(name: string, merchantId: string, connectedBy: string, row: StoreRow): Promise<string> {
  const offer = row.offer ?? "square";
  const id = idFrom("con", name);
  await database()
    .insert(connections)
    .values({
      id,
      merchantId,
      offer,
      provider: offer,
      environment: "production",
      status: "active",
      accountId: `ACCOUNT-${name.toUpperCase()}`,
      scopes: ["MERCHANT_PROFILE_READ", "ORDERS_READ"],
      renewable: true,
      connectedAt: inDays(-40),
      connectedBy,
      issuedAt: inDays(-2),
      lastProofAt: inMinutes(-20),
      ...row,
    });
  return id;
}

/** Gives a merchant's member a store in each state and an attempt of each outcome. */
export async function setScene({ userId, merchantId, email }: Pick<Someone, "userId" | "merchantId" | "email">): Promise<Scene> {
  const waiting = idFrom("att", "waiting");
  const stores: Scene["stores"] = {};
  for (const [state, row] of Object.entries(storeStates())) {
    const connectionId = await addStore(state, merchantId, userId, row.attemptId ? { ...row, attemptId: waiting } : row);
    stores[state] = connectionId;
    const person = { actorKind: "user", actorId: userId, actorName: email, merchantId, connectionId };
    await database()
      .insert(events)
      .values(story.map(({ kind, daysAgo, facts = {} }) => ({ ...person, kind, facts, at: inDays(-daysAgo) })));
  }
  const revocation = { kind: "connection.revoke_asked", actorKind: "user", actorName: "Sara Lind", merchantId, facts: {} };
  await database()
    .insert(events)
    .values(
      ["revoking", "revoked"].map((state) => ({ ...revocation, connectionId: stores[state], reason: "Suspected misuse: Ticket 4711" })),
    );
  const made = { waiting, finishing: idFrom("att", "finishing") } as Scene["attempts"];
  const plain = { offer: "square", offerFingerprint: "scene", merchantId, userId, label: "Riyadh shop", expiresAt: inMinutes(9) };
  await database()
    .insert(attempts)
    .values([
      { ...plain, id: made.waiting, status: "open" },
      // Somebody else is at it, so the page that would finish it goes on waiting.
      { ...plain, id: made.finishing, status: "answered", answeredAt: inMinutes(0), leaseUntil: inMinutes(9) },
    ]);
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
  return { stores, attempts: made, bulkRun: await stoppedRun(stores), mailToken: mailToken(userId) };
}

async function stoppedRun(stores: Scene["stores"]): Promise<string> {
  const id = idFrom("run", "stopped");
  await database()
    .insert(bulkRuns)
    .values({
      id,
      act: "revoke",
      status: "stopped",
      stoppedBy: "Omar Haddad",
      reason: "Suspected misuse: shared login",
      ticket: "SUP-4711",
      byId: "usr_sara",
      byName: "Sara Lind",
      excluded: { revoked: 17 },
      startedAt: inMinutes(-12),
    });
  const item = (state: string, more: Partial<typeof bulkItems.$inferInsert>) => ({
    runId: id,
    connectionId: stores[state] ?? "",
    offer: "square",
    ...more,
  });
  await database()
    .insert(bulkItems)
    .values([
      item("revoked", { offer: "ultracart", status: "done", code: "remote" }),
      item("revoking", { status: "asked" }),
      item("healthy", { status: "failed", code: "unreachable" }),
      item("renewal_late", { status: "failed", code: "broke_off" }),
      item("refresh_failing", {}),
    ]);
  return id;
}

/** As lib/mail signs it. */
function mailToken(userId: string): string {
  const text = `${userId}.store_needs_you`;
  const key = createHmac("sha256", String(process.env.E2E_AUTH_SECRET)).update("latchkey unsubscribe").digest();
  return `${text}.${createHmac("sha256", key).update(text).digest("base64url")}`;
}
