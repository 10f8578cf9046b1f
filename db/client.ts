import "server-only";
import { AsyncLocalStorage } from "node:async_hooks";
import type { NodePgQueryResultHKT } from "drizzle-orm/node-postgres";
import type { PgDatabase, PgTransactionConfig } from "drizzle-orm/pg-core";
import { checkServer, checkTrigrams } from "./check-server";
import { toDatabaseError } from "./database-error";
import { guardSession } from "./guard-session";
import { locate } from "./locate";
import { migrate } from "./migrate";
import { type Lanes, limitTransaction, openLanes } from "./pool";

export type Database = PgDatabase<NodePgQueryResultHKT>;
export type Tx = Parameters<Parameters<Database["transaction"]>[0]>[0];
/** What every function of db/ takes: the pool, or the transaction that it must be part of. */
export type Executor = Database | Tx;

interface Scope {
  open: boolean;
}

interface State {
  scope: AsyncLocalStorage<Scope>;
  opening?: Promise<void> | undefined;
  lanes?: Lanes | undefined;
  leave?: (() => Promise<void>) | undefined;
}

// Next bundles this module several times, so a module variable would be several pools.
const key = Symbol.for("latchkey.database");
const shared = globalThis as unknown as Record<symbol, State | undefined>;
const state = shared[key] ?? { scope: new AsyncLocalStorage<Scope>() };
shared[key] = state;

function refuseInsideTransaction() {
  if (!state.scope.getStore()?.open) return;
  throw new Error("Inside transaction(work) only the tx that work was given may be used: another connection would not see its rows.");
}

function opened(): Lanes {
  if (!state.lanes) throw new Error("The database is not open: await openDatabase() first.");
  return state.lanes;
}

/** The pool's Drizzle instance. Throws before openDatabase() and inside transaction(). */
export function database(): Database {
  refuseInsideTransaction();
  return opened().db;
}

/**
 * Runs a library's own statements as they stand, outside of every transaction of ours. Of several, without values, each has its rows.
 * Throws DatabaseError.
 */
export async function runText(text: string, values?: unknown[]): Promise<{ rows: unknown[] } | { rows: unknown[] }[]> {
  refuseInsideTransaction();
  return opened()
    .run(text, values)
    .catch((error: unknown) => {
      throw toDatabaseError(error, text);
    });
}

/** One statement that is asked all the time, as it stands and with the driver's own types. Throws DatabaseError. */
export async function runNamed<Row>(name: string, text: string, values: unknown[]): Promise<Row[]> {
  refuseInsideTransaction();
  try {
    return (await opened().runNamed(name, text, values)).rows as Row[];
  } catch (error) {
    throw toDatabaseError(error, text);
  }
}

/**
 * Runs work in one transaction on a connection of its own: committed when work resolves, rolled back when it rejects.
 * Work's own error comes out as it was thrown; the database's as DatabaseError.
 */
export function transaction<T>(work: (tx: Tx) => Promise<T>, config?: PgTransactionConfig): Promise<T> {
  refuseInsideTransaction();
  return transact(opened(), work, config);
}

async function transact<T>(lanes: Lanes, work: (tx: Tx) => Promise<T>, config?: PgTransactionConfig): Promise<T> {
  const lane = await lanes.take().catch((error: unknown) => {
    throw toDatabaseError(error, "begin");
  });
  const scope: Scope = { open: true };
  guardSession(lane.db._.session, (text) => {
    // A statement that comes after work has settled would run after COMMIT or ROLLBACK, outside of every transaction.
    if (!scope.open && text !== "commit" && text !== "rollback") throw new Error("This transaction has ended.");
  });
  let failure: { error: unknown } | undefined;
  let clean = false;
  try {
    const result = await state.scope.run(scope, () =>
      lane.db.transaction(async (tx) => {
        if (!lanes.limited) await limitTransaction(tx);
        try {
          return await work(tx);
        } catch (error) {
          failure = { error };
          throw error;
        } finally {
          scope.open = false;
        }
      }, config),
    );
    clean = true;
    return result;
  } catch (error) {
    // Anything but work's own error means that BEGIN, COMMIT or ROLLBACK failed: the connection's state is not known.
    clean = failure?.error === error;
    throw failure ? failure.error : error;
  } finally {
    scope.open = false;
    lane.release(!clean);
  }
}

type OpenOptions = {
  migrate?: boolean;
  /** Runs before anything is written, and refuses the database by throwing. */
  inspect?: () => Promise<void>;
};

async function open(options: OpenOptions): Promise<void> {
  const { url, leave } = await locate();
  state.leave = leave;
  const lanes = await openLanes(url).catch((error: unknown) => {
    throw toDatabaseError(error, "connect");
  });
  state.lanes = lanes;
  guardSession(lanes.db._.session, refuseInsideTransaction);
  lanes.db.transaction = transaction as Database["transaction"];
  await checkServer(lanes.db);
  await options.inspect?.();
  if (options.migrate !== false) await migrate(lanes.db);
  await checkTrigrams(lanes.db);
}

/**
 * Opens DATABASE_URL (or DATABASE_URL_FILE), or starts or joins the embedded cluster in ./.latchkey when neither is set, then
 * migrates unless told not to. Further calls wait for the first. Call closeDatabase() before the process ends.
 */
export function openDatabase(options: OpenOptions = {}): Promise<void> {
  state.opening ??= open(options).catch(async (error: unknown) => {
    await shut();
    throw error;
  });
  return state.opening;
}

async function shut(): Promise<void> {
  const { lanes, leave } = state;
  state.lanes = undefined;
  state.leave = undefined;
  state.opening = undefined;
  await lanes?.end();
  await leave?.();
}

/** Ends the pool and leaves the embedded cluster, which stops when this process was the last to use it. */
export async function closeDatabase(): Promise<void> {
  await state.opening?.catch(() => undefined);
  await shut();
}
