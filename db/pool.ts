import { Pool as NeonPool } from "@neondatabase/serverless";
import { sql } from "drizzle-orm";
import { drizzle as drizzleNeon } from "drizzle-orm/neon-serverless";
import { drizzle, type NodePgQueryResultHKT } from "drizzle-orm/node-postgres";
import type { PgDatabase } from "drizzle-orm/pg-core";
import pg from "pg";
import { busyLane } from "./busy-lane";

type Drizzled = PgDatabase<NodePgQueryResultHKT>;

interface Lane {
  /** Drizzle over this one connection. */
  db: Drizzled;
  /** Gives the connection back, or ends it when its state is not known. */
  release(destroy: boolean): void;
}

interface Pool {
  /** Drizzle over the whole pool. */
  db: Drizzled;
  /** A statement's text as it stands, for a library that writes its own; several statements without values are one transaction. */
  run(text: string, values?: unknown[]): Promise<{ rows: unknown[] } | { rows: unknown[] }[]>;
  /** One statement that is asked all the time: parsed once, by its name, on a connection for such alone, where a session stays ours between two. */
  runNamed(name: string, text: string, values: unknown[]): Promise<{ rows: unknown[] }>;
  /** Takes one connection out of the pool; rejects after 5 s when none is free. */
  take(): Promise<Lane>;
  end(): Promise<void>;
}

export interface Lanes extends Pool {
  /** Whether every statement has the timeouts. Where not, each transaction asks for them by `limitTransaction`. */
  limited: boolean;
}

const limits = { max: 10, connectionTimeoutMillis: 5_000, idleTimeoutMillis: 30_000 };

const timeouts = { statement_timeout: 30_000, idle_in_transaction_session_timeout: 60_000 };

async function areLimited({ db }: Lane): Promise<boolean> {
  const { rows } = await db.execute<{ limited: boolean }>(sql`select current_setting('statement_timeout') <> '0' as limited`);
  return rows[0]?.limited === true;
}

/** Holds the timeouts over one transaction, also where the next one runs in another session: a stopped process must not keep rows locked. */
export async function limitTransaction(tx: Pick<Drizzled, "execute">): Promise<void> {
  const settings = Object.entries(timeouts).map(([name, milliseconds]) => sql`set_config(${name}, ${String(milliseconds)}, true)`);
  await tx.execute(sql`select ${sql.join(settings, sql`, `)}`);
}

function isNeon(url: string): boolean {
  try {
    return new URL(url).hostname.endsWith(".neon.tech");
  } catch {
    return false; // A socket's address (`postgres://user:secret@/name?host=/path`) has no host and is no URL to the standard.
  }
}

// A connection that breaks while nobody waits on it emits 'error', which without a listener ends the process. Whoever uses
// that connection next gets the error as a rejection, so there is nothing more to do here.
function quiet(pool: pg.Pool) {
  pool.on("error", () => undefined);
  pool.on("connect", (client) => client.on("error", () => undefined));
}

function neonPool(url: string): Pool {
  const pool = new NeonPool({ ...limits, connectionString: url });
  quiet(pool as unknown as pg.Pool);
  return {
    db: drizzleNeon({ client: pool }) as unknown as Drizzled,
    run: (text, values) => pool.query(text, values),
    runNamed: (_name, text, values) => pool.query(text, values),
    async take() {
      const client = await pool.connect();
      return { db: drizzleNeon({ client }) as unknown as Drizzled, release: (destroy) => client.release(destroy) };
    },
    end: () => pool.end(),
  };
}

function postgresPool(url: string, limited: boolean): Pool {
  const settings = {
    connectionString: url,
    connectionTimeoutMillis: limits.connectionTimeoutMillis,
    keepAlive: true,
    application_name: "latchkey",
    ...(limited ? timeouts : {}),
  };
  const pool = new pg.Pool({ ...settings, ...limits });
  const busy = busyLane(settings);
  quiet(pool);
  return {
    db: drizzle({ client: pool }),
    run: (text, values) => pool.query(text, values),
    runNamed: busy.ask,
    async take() {
      const client = await pool.connect();
      return { db: drizzle({ client }), release: (destroy) => client.release(destroy) };
    },
    async end() {
      await Promise.all([busy.end(), pool.end()]);
    },
  };
}

/**
 * Connects to a PostgreSQL or Neon address and proves it with one connection. The timeouts are startup parameters, which
 * live as long as the connection: a transaction pooler refuses them (08P01) or drops them in silence, and Neon's is not asked.
 */
export async function openLanes(url: string): Promise<Lanes> {
  let pool = isNeon(url) ? neonPool(url) : postgresPool(url, true);
  try {
    const lane = await pool.take().catch(async (error: { code?: unknown }) => {
      if (isNeon(url) || error.code !== "08P01") throw error;
      await pool.end();
      pool = postgresPool(url, false);
      return pool.take();
    });
    const limited = await areLimited(lane).finally(() => lane.release(false));
    // Timeouts that were dropped on the way show a pooler, in which a statement's name would be another session's.
    const runNamed: Pool["runNamed"] = limited
      ? pool.runNamed
      : async (_name, text, values) => (await pool.run(text, values)) as { rows: unknown[] };
    return { ...pool, runNamed, limited };
  } catch (error) {
    await pool.end();
    throw error;
  }
}
