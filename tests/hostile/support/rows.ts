import { eq, sql } from "drizzle-orm";
import { database } from "@/db/client";
import type { Connection } from "@/db/connections";
import { connections } from "@/db/schema";
import type { UserActor } from "@/lib/auth/actor";
import { openGrant } from "@/lib/connections/sealed-grant";
import type { Grant } from "@/lib/providers/contract";
import { unseal } from "@/lib/vault";
import { sealedValues } from "@/tests/support/sealed-columns";

/** All rows of a merchant, whatever became of them. */
export async function connectionsOf(actor: UserActor): Promise<Connection[]> {
  return database()
    .select()
    .from(connections)
    .where(eq(connections.merchantId, actor.merchants[0]?.id ?? ""));
}

/** The one row of a merchant, with what it holds in the clear. */
export async function theRow(actor: UserActor): Promise<{ row: Connection; grant: Grant }> {
  const [row, ...more] = await connectionsOf(actor);
  if (!row || more.length > 0) throw new Error(`${row ? more.length + 1 : 0} rows instead of one`);
  return { row, grant: openGrant(row) };
}

/** Everything that is kept, in the clear: every row as text and every secret opened. */
export async function everything(): Promise<string> {
  const tables = ["attempts", "connections", "grants", "platform_sessions", "events", "gates", "incidents"];
  const found = await database().execute<{ told: string }>(
    sql.raw(tables.map((table) => `select r::text as told from ${table} r`).join(" union all ")),
  );
  const opened = (await sealedValues()).map(({ place, value }) => unseal(value, place));
  return [...found.rows.map(({ told }) => told), ...opened].join("\n");
}
