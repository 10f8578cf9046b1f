import { sql } from "drizzle-orm";
import { database } from "@/db/client";
import { newId } from "@/db/new-id";
import { connections, grants } from "@/db/schema";
import { sealIssued } from "@/lib/connections/sealed-grant";

type Column = "access" | "renewal";

/** What a store's values say: its row tells which of them is the newest. */
export const plainOf = (column: Column, id: string, generation: number): string => `CNRY-${column}-${id}-${generation}`;
export const candidateOf = (column: Column, grant: string): string => `CNRY-candidate-${column}-${grant}`;

const BLOCK = 500;

/** So many sealed values: half of them stores', half of candidates beside them. Resolves to how many there are. */
export async function putValues(merchantId: string, many: number): Promise<number> {
  const stores = Math.max(1, Math.round(many / 4));
  for (let from = 0; from < stores; from += BLOCK) {
    const ids = Array.from({ length: Math.min(BLOCK, stores - from) }, () => newId("con"));
    await database()
      .insert(connections)
      .values(
        ids.map((id) => ({
          id,
          merchantId,
          ...about,
          ...sealedFor({ id, merchantId }, (column) => plainOf(column, id, 1), "connections"),
        })),
      );
    const kept = ids.map((connectionId) => ({ id: newId("grant"), connectionId, merchantId, reason: "candidate" as const, epoch: 0 }));
    await database()
      .insert(grants)
      .values(kept.map((row) => ({ ...row, ...sealedFor(row, (column) => candidateOf(column, row.id), "grants") })));
  }
  await database().execute(sql`analyze connections, grants`);
  return stores * 4;
}

const about = { offer: "oauth2", provider: "oauth2", environment: "production", status: "active" as const, generation: 1 };

function sealedFor(owner: { id: string; merchantId: string }, plain: (column: Column) => string, table: "connections" | "grants") {
  const issued = { access: plain("access"), renewal: plain("renewal"), expiresAt: null, scopes: [] };
  const { access, renewal } = sealIssued(issued, owner, [], table);
  return { access, renewal };
}
