import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { closeDatabase, openDatabase } from "@/db/client";
import { openCluster } from "@/db/embedded";
import { localSecret } from "@/lib/local-secret";
import { build, isBuilt } from "@/tests/support/production-build";
import { carryNotices } from "./carry-notices";
import { worldClock } from "./clock";
import { claimFolder, STATE, takePlace } from "./folder";
import { readAheadMs } from "./move-clock";
import { type DemoPorts, isTaken, keepPorts, productPort, worldPorts } from "./ports";
import { answers, startProduct } from "./product";
import { Refusal } from "./refusal";
import { seed } from "./seed";
import { type Filling, prepareSeed, startFilling } from "./seeding/prepare";
import { demoWorker, type Worker } from "./worker";
import { startWorld, type World } from "./world";

export const LOG = join(STATE, "server.log");
/** Stores that are there within this time are there with the first page; more than that come while people look around. */
const SOON_MS = 15_000;

export type OpenDemo = {
  url: string;
  world: World;
  worker: Worker;
  filling: Filling | null;
  /** What the product's own process ended by. */
  ended: Promise<number | NodeJS.Signals>;
  close: () => Promise<void>;
};

type Options = {
  rows: number;
  port: number | null;
  /** Where the desk is to be, called before the product is started; a second time it says the same. */
  desk: (ports: DemoPorts, productUrl: string) => Promise<string>;
  /** The port at which the desk is already. */
  deskPort: number | null;
  say: (text: string) => void;
  /** A line that one of the product's processes wrote. */
  tell: (line: string) => void;
  progress: (line: string) => void;
  signal: AbortSignal;
};

/** Starts the whole demo in this folder. What was started ends again when something goes wrong. Throws a Refusal for people. */
export async function openDemo(options: Options): Promise<OpenDemo> {
  const leave: (() => Promise<unknown>)[] = [];
  const close = async () => {
    const failures: unknown[] = [];
    for (const end of leave.splice(0).reverse()) await end().catch((error: unknown) => failures.push(error));
    if (failures.length > 0) throw failures[0];
  };
  try {
    return { ...(await open(options, leave)), close };
  } catch (error) {
    await close().catch(() => undefined);
    throw error;
  }
}

async function open(
  { rows, port: wanted, desk, deskPort, say, tell, progress, signal }: Options,
  leave: (() => Promise<unknown>)[],
): Promise<Omit<OpenDemo, "close">> {
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
    await build({ onLine: progress, signal });
  }
  signal.throwIfAborted();

  const port = await productPort(wanted);
  if (port === null) throw new Refusal(`Port ${wanted} is taken. Choose another one: npm run demo -- --port 4000`);
  const url = `http://localhost:${port}`;
  process.env.DATABASE_URL = cluster.url;
  await openDatabase().catch((error: unknown) => {
    throw new Refusal(`The demo's data cannot be used (${String(error)}).\nStart over with: npm run demo -- --reset`);
  });
  leave.push(closeDatabase);

  const { world, seeding, ports } = await worldFor(url, rows, deskPort);
  leave.push(world.close);
  await seed(world.environment.OIDC_ISSUER ?? "");
  signal.throwIfAborted();

  const deskUrl = await desk(ports, url);
  keepPorts(STATE, { ...ports, desk: Number(new URL(deskUrl).port) });
  const environment = { ...world.environment, LATCHKEY_DEMO_DESK: deskUrl };
  const filling = seeding && startFilling(STATE, seeding, environment);
  if (filling)
    leave.push(async () => {
      filling.stop();
      await filling.ended.catch(() => undefined);
    });
  const product = startProduct({ environment: { ...environment, LATCHKEY_WORKER: "0" }, onLine: tell });
  leave.push(product.stop);
  const worker = demoWorker(environment, tell);
  leave.push(worker.stop);
  worker.start();
  if (!(await answers(product, 60_000))) {
    signal.throwIfAborted();
    throw new Refusal(`The server did not start. Its log: ${LOG}`);
  }
  if (filling && filling.done() < filling.rows) {
    say(`  Making ${filling.rows.toLocaleString("en")} stores …`);
    await Promise.race([filling.ended, sleep(SOON_MS, undefined, { ref: false })]).catch((error: unknown) => {
      throw new Refusal(String(error));
    });
  }
  leave.push(carryNotices(world.platforms.square.webhooks));
  return { url, world, worker, filling, ended: product.ended };
}

const MOST_TRIES = 5;

/** Another demo may begin at this very moment, in another clone, and take a port that was free: then others are chosen. */
async function worldFor(productUrl: string, rows: number, deskPort: number | null) {
  const clock = worldClock(await readAheadMs());
  for (let tries = 1; ; tries += 1) {
    const ports = await worldPorts(STATE, deskPort);
    const seeding = await prepareSeed(STATE, rows, `http://127.0.0.1:${ports.norce}`);
    try {
      return { world: await startWorld({ productUrl, ports, stateDir: STATE, clock, seeding }), seeding, ports };
    } catch (error) {
      if (!isTaken(error) || tries === MOST_TRIES) throw error;
    }
  }
}
