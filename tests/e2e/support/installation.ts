import { randomBytes } from "node:crypto";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { closeDatabase, database, openDatabase } from "@/db/client";
import { openCluster } from "@/db/embedded";
import { localSecret } from "@/lib/local-secret";
import { resetClock } from "@/tests/auth/people";
import { answers, type Product, startProduct } from "@/tests/demo/product";
import { seed } from "@/tests/demo/seed";
import { type Ports, places, startWorld, type World } from "@/tests/demo/world";
import { administer, dropDatabase } from "@/tests/support/administer";
import { freePort } from "@/tests/support/free-port";

export type Installation = {
  url: string;
  world: World;
  /** Every line that any of its processes has written. */
  lines: readonly string[];
  /** Starts the product, or one more process of it at another port; `environment` adds to what the world says. */
  start: (environment?: Record<string, string>, port?: number, program?: readonly string[]) => Promise<Product>;
  /** A process that is not expected to come up: what it ended by and all that it said. Undefined takes a variable away. */
  startInVain: (environment: Record<string, string | undefined>) => Promise<{ status: number | NodeJS.Signals; said: string }>;
  /** The process at `url`. */
  product: () => Product;
  /** Everything as on the first day: no connection, no session, platforms as strict as they are. */
  renew: () => Promise<void>;
  close: () => Promise<void>;
};

/** The process that is up goes on working: its last round is not undone. */
const KEPT = new Set(["key_checks", "clock", "workers"]);

function given(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is set by the global setup`);
  return value;
}

type Store = { url: string; environment: Record<string, string>; leave: () => Promise<void> };

/** A database of the run's server, for one installation. */
async function ownDatabase(): Promise<Store> {
  const name = `latchkey_${randomBytes(6).toString("hex")}`;
  const server = given("E2E_DATABASE_SERVER");
  await administer(server, `create database ${name} template ${given("E2E_DATABASE_TEMPLATE")}`);
  const address = new URL(server);
  address.pathname = `/${name}`;
  // Else all installations of a run would share the folder of the clone, and meet what others left for their own databases.
  const journal = join(tmpdir(), `${name}-journal`);
  const environment = {
    DATABASE_URL: address.href,
    LATCHKEY_KEYS: given("E2E_KEYS"),
    AUTH_SECRET: given("E2E_AUTH_SECRET"),
    LATCHKEY_JOURNAL: journal,
  };
  const leave = async () => {
    await dropDatabase(server, name);
    await rm(journal, { recursive: true, force: true });
  };
  return { url: address.href, environment, leave };
}

/** What an installation without any settings makes for itself in its folder: keys and a server. It stays there when it is left. */
async function ownCluster(folder: string): Promise<Store> {
  // Keys before the database: one that is there without its keys is taken for one whose keys were lost.
  localSecret("keys", join(folder, ".latchkey"));
  const { url, leave } = await openCluster({ root: folder });
  return { url, environment: {}, leave };
}

/**
 * A product with a database, platforms and an identity provider of its own. This process can read the database as well. With a
 * `folder` everything that the product makes is in there.
 */
export async function install(folder?: string): Promise<Installation> {
  const store = await (folder ? ownCluster(folder) : ownDatabase());
  process.env.DATABASE_URL = store.url;
  await openDatabase({ migrate: folder !== undefined });

  const ports = Object.fromEntries(await Promise.all(places.map(async (id) => [id, await freePort()] as const))) as Ports;
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const world = await startWorld({ productUrl: url, ports });
  const switches = Object.values(world.platforms).map((platform) => [platform.switches, { ...platform.switches }] as const);
  const lines: string[] = [];
  const started: Product[] = [];
  let first: Product | undefined;

  const start = async (environment: Record<string, string> = {}, at = port, program?: readonly string[]): Promise<Product> => {
    const product = startProduct({
      environment: { ...world.environment, ...store.environment, ...environment, PORT: String(at) },
      onLine: (line) => lines.push(line),
      folder,
      program,
    });
    started.push(product);
    if (at === port) first = product;
    if (!(await answers(product, 60_000, `http://localhost:${at}`)))
      throw new Error(`The product did not start:\n${lines.slice(-20).join("\n")}`);
    return product;
  };

  const startInVain = async (environment: Record<string, string | undefined>) => {
    const said: string[] = [];
    const all = Object.entries({ ...world.environment, ...store.environment, ...environment, PORT: String(await freePort()) });
    const set = Object.fromEntries(all.filter((pair): pair is [string, string] => pair[1] !== undefined));
    const product = startProduct({ environment: set, onLine: (line) => said.push(line), folder });
    started.push(product);
    const status = await product.ended;
    lines.push(...said);
    return { status, said: said.join("\n") };
  };

  const renew = async () => {
    await emptyDatabase();
    for (const platform of Object.values(world.platforms)) platform.ledger.clear();
    for (const [held, initial] of switches) Object.assign(held, initial);
    // A real merchant signs in now and then; a test run does so every second.
    world.platforms.norce.switches.unlimited = true;
    for (const id of places) if (id !== "identity") await fetch(`http://127.0.0.1:${ports[id]}/__clear`, { method: "POST" });
    await seed(world.environment.OIDC_ISSUER ?? "");
  };

  return {
    url,
    world,
    lines,
    start,
    startInVain,
    product() {
      if (!first) throw new Error("The product was not started");
      return first;
    },
    renew,
    async close() {
      await Promise.all(started.map((product) => product.stop()));
      await world.close();
      await closeDatabase();
      await store.leave();
    },
  };
}

async function emptyDatabase(): Promise<void> {
  const found = await database().execute<{ name: string }>(sql`select tablename as name from pg_tables where schemaname = 'public'`);
  const tables = found.rows.map((row) => row.name).filter((table) => !KEPT.has(table));
  const statement = sql.raw(`truncate ${tables.map((table) => `"${table}"`).join(", ")} cascade`);
  for (let tries = 1; ; tries += 1) {
    try {
      await database().execute(statement);
      break;
    } catch (error) {
      // The product's own worker may hold rows of several tables at this very moment.
      if (tries === 5) throw error;
    }
  }
  await resetClock();
}
