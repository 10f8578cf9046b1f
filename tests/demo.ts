import { appendFileSync, rmSync } from "node:fs";
import { ROWS, readArguments, USAGE } from "./demo/arguments";
import { type Desk, startDesk } from "./demo/desk/serve";
import { eraseFolder } from "./demo/folder";
import { LOG, type OpenDemo, openDemo } from "./demo/open-demo";
import { type DemoPorts, isTaken } from "./demo/ports";
import { Refusal } from "./demo/refusal";
import { welcome } from "./demo/welcome";
import { freePort } from "./support/free-port";

const WATCHDOG_MS = 45_000;

const say = (text: string): void => void process.stdout.write(`${text}\n`);

const stopping = new AbortController();
const asked = new Promise<"stop">((resolve) => stopping.signal.addEventListener("abort", () => resolve("stop")));
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    if (stopping.signal.aborted) return;
    say("\n  Stopping …");
    // Whatever hangs must not outlive the demo: its children end when this process does.
    setTimeout(() => process.exit(1), WATCHDOG_MS).unref();
    stopping.abort();
  });
}

let desk: Desk | null = null;

async function run(): Promise<void> {
  const { reset, port, rows, help } = readArguments(process.argv.slice(2));
  if (help) return say(USAGE);
  if (reset) await eraseFolder();
  for (let wanted = port; ; ) {
    const demo = await openDemo({
      rows: rows ?? ROWS,
      port: wanted,
      desk: deskAt,
      deskPort: desk?.port ?? null,
      say,
      tell,
      progress,
      signal: stopping.signal,
    });
    // From here on nobody else's: a demo that starts over is to be found where it was.
    wanted = Number(new URL(demo.url).port);
    const end = await keepOpen(demo, rows).finally(demo.close);
    if (end === "stop") return;
    if (end !== "reset") throw new Refusal(`The server ended by itself (${end}). Its log: ${LOG}`);
    say("  Starting over …");
    await eraseFolder();
  }
}

async function keepOpen(demo: OpenDemo, rows: number | null): Promise<"stop" | "reset" | number | NodeJS.Signals> {
  if (!desk) throw new Error("There is no desk");
  const leave = desk.show(demo);
  try {
    say(welcome(demo, desk.url, LOG));
    if (rows !== null && rows !== (demo.filling?.rows ?? 0)) say(`  This demo began with another number of stores; --reset changes it.\n`);
    return await Promise.race([asked, demo.ended, desk.resetAsked()]);
  } finally {
    leave();
  }
}

async function deskAt(ports: DemoPorts, productUrl: string): Promise<string> {
  rmSync(LOG, { force: true });
  desk ??= await startDesk(ports.desk, productUrl).catch(async (error: unknown) => {
    if (!isTaken(error)) throw error;
    return startDesk(await freePort(), productUrl);
  });
  return desk.url;
}

/** Of what a build says, the steps. */
function progress(line: string): void {
  if (/^\s*(✓|Creating|Collecting|Finalizing)/.test(line)) say(`    ${line.trim()}`);
}

/** Everything goes to the log; what is not a log line is meant for people, such as a sign-in link. */
function tell(line: string): void {
  appendFileSync(LOG, `${line}\n`, { mode: 0o600 });
  if (!/^\{|^✓|^Latchkey is ready|^Latchkey works/.test(line)) say(`  ${line}`);
}

try {
  await run();
} catch (error) {
  if (!stopping.signal.aborted) {
    process.exitCode = 1;
    say(`\n${error instanceof Refusal ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  }
}
await (desk as Desk | null)?.close();
process.exit();
