import { createHmac } from "node:crypto";
import { apiKeys, callerPauses, handOuts, proxyCalls } from "@/db/api-tables";
import { bulkItems, bulkRuns } from "@/db/bulk-tables";
import { database } from "@/db/client";
import { type AttemptOutcome, attempts, connections, events } from "@/db/schema";
import { setLinks } from "./link-scene";
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
  await setKeys(stores.healthy ?? "");
  await setLinks(merchantId, stores);
  return { stores, attempts: made, bulkRun: await stoppedRun(stores), mailToken: mailToken(userId) };
}

/** A company's programs, two of which use that store. */
async function setKeys(connectionId: string): Promise<void> {
  const key = (name: string, more: Partial<typeof apiKeys.$inferInsert> = {}): typeof apiKeys.$inferInsert => ({
    id: idFrom("key", name),
    name,
    tokenHash: name,
    hint: `lk_${name.replace(/\W/g, "").slice(0, 5)}`,
    scopes: ["access:read", "connections:read"],
    requestsPerSecond: 500,
    createdBy: "usr_omar",
    createdByName: "Omar Haddad",
    createdAt: inDays(-70),
    expiresAt: inDays(60),
    ...more,
  });
  await database()
    .insert(apiKeys)
    .values([
      key("orders-sync", { lastUsedAt: inMinutes(-3) }),
      key("stock-watch", { scopes: ["proxy"], offers: ["square", "noon"], expiresAt: inDays(5), lastUsedAt: inMinutes(-90) }),
      key("till", { exposedAt: inDays(-1), requestsPerSecond: 1, expiresAt: null }),
      key("reports", { revokedAt: inDays(-3), revokedBy: "usr_omar" }),
    ]);
  const used = (name: string, minutesAgo: number, n: number) => ({
    connectionId,
    keyId: idFrom("key", name),
    minute: inMinutes(-minutesAgo),
    n,
  });
  await database()
    .insert(handOuts)
    .values([used("orders-sync", 3, 4), used("orders-sync", 2_000, 1_200), used("stock-watch", 90, 1)]);
  const called = (minutesAgo: number, call: Partial<typeof proxyCalls.$inferInsert>): typeof proxyCalls.$inferInsert => ({
    connectionId,
    keyId: idFrom("key", "stock-watch"),
    at: inMinutes(-minutesAgo),
    method: "GET",
    path: "/v2/inventory/counts",
    status: 200,
    ms: 184,
    ...call,
  });
  const long = `/v2/catalog/object/${"W62UWFY35CWMYGVWK6TWJDNI".repeat(4)}`;
  await database()
    .insert(proxyCalls)
    .values([
      called(95, { status: null, ms: null }),
      called(94, { status: null, failure: "platform_unreachable", ms: 5_003 }),
      called(93, { method: "POST", path: "/v2/inventory/changes/batch-create", status: 429, ms: 71 }),
      called(92, { path: long, status: 200, failure: "gone", ms: 12_480 }),
      called(91, { method: "DELETE", path: "/v2/customers/JDKYHBWT1D4F8MFH63DBMEN8Y4", status: 404 }),
      called(90, {}),
    ]);
  await database()
    .insert(callerPauses)
    .values({
      connectionId,
      keyId: idFrom("key", "stock-watch"),
      pausedBy: "usr_sara",
      pausedByName: "Sara Lind",
      createdAt: inMinutes(-80),
    });
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
