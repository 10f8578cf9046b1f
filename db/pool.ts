import { Pool as NeonPool } from "@neondatabase/serverless";
import { drizzle as drizzleNeon } from "drizzle-orm/neon-serverless";
import { drizzle, type NodePgQueryResultHKT } from "drizzle-orm/node-postgres";
import type { PgDatabase } from "drizzle-orm/pg-core";
import pg from "pg";

type Drizzled = PgDatabase<NodePgQueryResultHKT>;

interface Lane {
  /** Drizzle over this one connection. */
  db: Drizzled;
  /** Gives the connection back, or ends it when its state is not known. */
  release(destroy: boolean): void;
}

export interface Lanes {
  /** Drizzle over the whole pool. */
  db: Drizzled;
  /** Takes one connection out of the pool; rejects after 5 s when none is free. */
  take(): Promise<Lane>;
  end(): Promise<void>;
}

const limits = { max: 10, connectionTimeoutMillis: 5_000, idleTimeoutMillis: 30_000 };

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

function neonLanes(url: string): Lanes {
  const pool = new NeonPool({ ...limits, connectionString: url });
  quiet(pool as unknown as pg.Pool);
  return {
    db: drizzleNeon({ client: pool }) as unknown as Drizzled,
    async take() {
      const client = await pool.connect();
      return { db: drizzleNeon({ client }) as unknown as Drizzled, release: (destroy) => client.release(destroy) };
    },
    end: () => pool.end(),
  };
}

function postgresLanes(url: string, timeouts: boolean): Lanes {
  const pool = new pg.Pool({
    ...limits,
    connectionString: url,
    keepAlive: true,
    application_name: "latchkey",
    ...(timeouts ? { statement_timeout: 30_000, idle_in_transaction_session_timeout: 60_000 } : {}),
  });
  quiet(pool);
  return {
    db: drizzle({ client: pool }),
    async take() {
      const client = await pool.connect();
      return { db: drizzle({ client }), release: (destroy) => client.release(destroy) };
    },
    end: () => pool.end(),
  };
}

/**
 * Connects to a PostgreSQL or Neon address and proves it with one connection. The timeouts are startup parameters, which
 * live as long as the connection; a transaction pooler that refuses them (08P01) is used without.
 */
export async function openLanes(url: string): Promise<Lanes> {
  let lanes = isNeon(url) ? neonLanes(url) : postgresLanes(url, true);
  try {
    (await lanes.take()).release(false);
  } catch (error) {
    await lanes.end();
    if (isNeon(url) || (error as { code?: unknown }).code !== "08P01") throw error;
    lanes = postgresLanes(url, false);
  }
  return lanes;
}
