import { spawn } from "node:child_process";
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { database } from "@/db/client";
import { readClock } from "@/db/read-clock";
import { readState, writeWhole } from "@/tests/demo/keep-state";
import { FOREIGN } from "@/tests/demo/product";
import { keepOutput, keepSecret } from "@/tests/leaks/run-folder";
import type { Seeding } from "./seeding";

const seedFile = (stateDir: string) => join(stateDir, "seed.json");
const doneSoFar = (stateDir: string): number => readState<{ rows: number }>(progressFile(stateDir))?.rows ?? 0;
export const progressFile = (stateDir: string) => join(stateDir, "seeded.json");

/** The seed of the demo whose folder this is: the one that it began with, or a new one of so many rows; null: it has none. */
export async function prepareSeed(stateDir: string, rows: number, norceOrigin: string): Promise<Seeding | null> {
  const kept = readState<Seeding>(seedFile(stateDir));
  if (kept && (kept.norceOrigin === norceOrigin || doneSoFar(stateDir) > 0)) return kept.rows > 0 ? kept : null;
  const noonKey = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  });
  keepSecret("noon key of the seed", noonKey.privateKey.split("\n")[5] ?? "");
  const secret = keepSecret("seed", randomBytes(32).toString("hex"));
  const seeding: Seeding = { secret, rows, atMs: (await readClock(database())).getTime(), norceOrigin, noonKey };
  writeWhole(seedFile(stateDir), JSON.stringify(seeding));
  return rows > 0 ? seeding : null;
}

export type Filling = { rows: number; done: () => number; ended: Promise<void>; stop: () => void };

/** Writes the seed's rows in a process of its own, since sealing a million secrets leaves no time for anything else. Goes on where it was. */
export function startFilling(stateDir: string, seeding: Seeding, environment: Record<string, string>): Filling {
  let done = doneSoFar(stateDir);
  const complete = { rows: seeding.rows, done: () => done };
  if (done >= seeding.rows) return { ...complete, ended: Promise.resolve(), stop: () => undefined };
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !FOREIGN.test(name)));
  const program = [
    "--conditions=react-server",
    "--import",
    "./tests/demo/end-with-parent.mjs",
    "--import",
    "tsx",
    "tests/demo/fill.ts",
    stateDir,
  ];
  const child = spawn(process.execPath, program, {
    env: { ...inherited, ...environment, NODE_ENV: "production" },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    detached: true,
  });
  const said: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    if (stream)
      createInterface({ input: stream }).on("line", (line) => {
        keepOutput(`fill-${child.pid}`, `${line}\n`);
        said.push(line);
      });
  child.on("message", (rows: number) => {
    done = rows;
  });
  const ended = new Promise<void>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) =>
      code === 0 ? resolve() : reject(new Error(`The stores could not be made:\n${said.slice(-10).join("\n")}`)),
    );
  });
  // Whoever waits hears of it; whoever does not must not end by it.
  ended.catch(() => undefined);
  return { ...complete, ended, stop: () => void child.kill("SIGTERM") };
}
