import { and, desc, eq, getTableColumns, lt, sql } from "drizzle-orm";
import { apiKeys, proxyCalls } from "./api-tables";
import type { Executor } from "./client";

export type ProxyCall = Pick<typeof proxyCalls.$inferSelect, "connectionId" | "keyId" | "method" | "path">;
/** `failure` null: the answer was passed on to its end. */
export type ProxyCallEnd = { status: number | null; failure: string | null; ms: number };

export async function beginProxyCall(db: Executor, call: ProxyCall): Promise<number> {
  const [row] = await db.insert(proxyCalls).values(call).returning({ id: proxyCalls.id });
  if (!row) throw new Error("The call was not written.");
  return row.id;
}

export async function endProxyCall(db: Executor, id: number, end: ProxyCallEnd): Promise<void> {
  await db.update(proxyCalls).set(end).where(eq(proxyCalls.id, id));
}

/** A connection's calls, the newest first; those before one where it is named. */
export async function proxyCallsOf(db: Executor, connectionId: string, before: number | null, limit: number) {
  return db
    .select({ ...getTableColumns(proxyCalls), keyName: apiKeys.name })
    .from(proxyCalls)
    .leftJoin(apiKeys, eq(apiKeys.id, proxyCalls.keyId))
    .where(and(eq(proxyCalls.connectionId, connectionId), before === null ? undefined : lt(proxyCalls.id, before)))
    .orderBy(desc(proxyCalls.id))
    .limit(limit);
}

const KEPT_DAYS = 30;
const SOME = 20_000;

/** What is older than a month, as much as one statement may take. */
export async function forgetProxyCalls(db: Executor): Promise<void> {
  await db.execute(sql`
    delete from proxy_calls where id in (
      select id from proxy_calls where at < app_now() - make_interval(days => ${KEPT_DAYS}) order by at limit ${SOME})`);
}
