import type { NodePgQueryResultHKT } from "drizzle-orm/node-postgres";
import type { PgDatabase } from "drizzle-orm/pg-core";
import { DatabaseError, toDatabaseError } from "./database-error";

type Session = PgDatabase<NodePgQueryResultHKT>["_"]["session"];
type Run = (...values: unknown[]) => Promise<unknown>;

/** PostgreSQL answers COMMIT of a failed transaction with ROLLBACK and no error: a swallowed failure would look stored. */
function refuseSilentRollback(text: string, result: unknown) {
  if (text !== "commit" || (result as { command?: string } | undefined)?.command !== "ROLLBACK") return;
  throw new DatabaseError({ code: "25P02", operation: "commit" });
}

/**
 * Makes every statement of this session reject with a DatabaseError. Patched at `prepareQuery`, the one door through which
 * Drizzle's builders, raw statements and prepared statements all pass. `before` may refuse a statement by throwing.
 */
export function guardSession(session: Session, before: (text: string) => void): void {
  const prepareQuery = session.prepareQuery.bind(session) as (...values: unknown[]) => object;
  const guarded = (...values: unknown[]) => {
    const prepared = prepareQuery(...values) as Record<string, Run | undefined>;
    const text = (values[0] as { sql: string }).sql;
    for (const name of ["execute", "all", "values"]) {
      const run = prepared[name]?.bind(prepared);
      if (!run) continue;
      prepared[name] = async (...input) => {
        before(text);
        try {
          const result = await run(...input);
          refuseSilentRollback(text, result);
          return result;
        } catch (error) {
          throw toDatabaseError(error, text);
        }
      };
    }
    return prepared;
  };
  session.prepareQuery = guarded as unknown as Session["prepareQuery"];
}
