import { appendFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { closeDatabase, openDatabase } from "@/db/client";
import { openCluster } from "@/db/embedded";
import { localSecret } from "@/lib/local-secret";
import { readArguments, USAGE } from "./demo/arguments";
import { carryNotices } from "./demo/carry-notices";
import { claimFolder, eraseFolder, STATE, takePlace } from "./demo/folder";
import { productPort, worldPorts } from "./demo/ports";
import { answers, startProduct } from "./demo/product";
import { seed } from "./demo/seed";
import { welcome } from "./demo/welcome";
import { startWorld } from "./demo/world";
import { build, isBuilt } from "./support/production-build";

const LOG = join(STATE, "server.log");
const WATCHDOG_MS = 45_000;

const say = (text: string): void => void process.stdout.write(`${text}\n`);
/** A sentence for the person at the terminal, instead of a stack. */
class Refusal extends Error {}

const stopping = new AbortController();
const asked = new Promise<void>((resolve) => stopping.signal.addEventListener("abort", () => resolve()));
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    if (stopping.signal.aborted) return;
    say("\n  Stopping …");
    // Whatever hangs must not outlive the demo: its children end when this process does.
    setTimeout(() => process.exit(1), WATCHDOG_MS).unref();
    stopping.abort();
  });
}

/** What was started, to be ended in the opposite order. */
const leave: (() => Promise<unknown>)[] = [];

async function run(): Promise<void> {
  const { reset, port: wanted, help } = readArguments(process.argv.slice(2));
  if (help) return say(USAGE);
  if (reset) await eraseFolder();
  const refusal = claimFolder();
  if (refusal) throw new Refusal(refusal);

  // Keys before the database: one that is there without its keys is taken for one whose keys were lost.
  localSecret("keys");
  const cluster = await openCluster({ root: process.cwd() });
  leave.push(() => cluster.leave());
  const place = await takePlace(cluster.url);
  if (!place) throw new Refusal("The demo is running in this folder already.");
  leave.push(() => place.leave());

  if (!isBuilt()) {
    say("  Building Latchkey. This happens once, and again when its sources change …");
    await build({ onLine: progress, signal: stopping.signal });
  }
  stopping.signal.throwIfAborted();

  const port = await productPort(wanted);
  if (port === null) throw new Refusal(`Port ${wanted} is taken. Choose another one: npm run demo -- --port 4000`);
  const url = `http://localhost:${port}`;
  const world = await startWorld({ productUrl: url, ports: await worldPorts(STATE), stateDir: STATE });
  leave.push(world.close);

  process.env.DATABASE_URL = cluster.url;
  await openDatabase().catch((error: unknown) => {
    throw new Refusal(`The demo's data cannot be used (${String(error)}).\nStart over with: npm run demo -- --reset`);
  });
  await seed(world.environment.OIDC_ISSUER ?? "").finally(closeDatabase);
  stopping.signal.throwIfAborted();

  rmSync(LOG, { force: true });
  const product = startProduct({ environment: world.environment, onLine: tell });
  leave.push(product.stop);
  if (!(await answers(product, 60_000))) {
    stopping.signal.throwIfAborted();
    throw new Refusal(`The server did not start. Its log: ${LOG}`);
  }
  leave.push(carryNotices(world.platforms.square.webhooks));
  say(welcome(url, world.platforms, LOG));
  const end = await Promise.race([asked, product.ended]);
  if (end !== undefined) throw new Refusal(`The server ended by itself (${end}). Its log: ${LOG}`);
}

/** Of what a build says, the steps. */
function progress(line: string): void {
  if (/^\s*(✓|Creating|Collecting|Finalizing)/.test(line)) say(`    ${line.trim()}`);
}

/** Everything goes to the log; what is not a log line is meant for people, such as a sign-in link. */
function tell(line: string): void {
  appendFileSync(LOG, `${line}\n`, { mode: 0o600 });
  if (!/^\{|^✓|^Latchkey is ready/.test(line)) say(`  ${line}`);
}

try {
  await run();
} catch (error) {
  if (!stopping.signal.aborted) {
    process.exitCode = 1;
    say(`\n${error instanceof Refusal ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  }
}
for (const end of leave.reverse()) {
  await end().catch((error: unknown) => {
    process.exitCode = 1;
    say(`  ${error instanceof Error ? error.message : String(error)}`);
  });
}
process.exit();
