import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Told } from "./process";

const file = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const preloaded = (name: string) => ["--import", file(name)];

/** The database, and where the bundles are. */
export type Where = { address: string; folder: string };

export type Instance = { end: () => Promise<Told> };

/** An instance that was started with those keys, ready to serve. */
export async function startInstance(keys: string, { address, folder }: Where): Promise<Instance> {
  const child = fork(join(folder, "process.mjs"), [], {
    env: { ...process.env, DATABASE_URL: address, LATCHKEY_KEYS: keys, NODE_ENV: "test" },
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const ended = once(child, "exit").then(([code]) => {
    throw new Error(`An instance of the figure ended with ${code}.`);
  });
  ended.catch(() => undefined);
  await Promise.race([once(child, "message"), ended]);
  return {
    end: async () => {
      const told = once(child, "message");
      child.send("stop");
      const [last] = await Promise.race([told, ended]);
      return last as Told;
    },
  };
}

export type Ended = { ok: boolean; says: string; line: string };
export type Running = { process: ChildProcess; ended: Promise<Ended> };

/** `npm run keys -- …` in a process of its own with those keys. */
export function runKeys(args: readonly string[], keys: string, { address, folder }: Where, mutant: string | null): Running {
  const imports = [...preloaded("./held-back.ts"), ...(mutant === null ? [] : preloaded("./mutant.ts"))];
  const child = spawn(process.execPath, [...imports, join(folder, "keys.mjs"), ...args], {
    env: {
      ...process.env,
      DATABASE_URL: address,
      LATCHKEY_KEYS: keys,
      NODE_ENV: "test",
      ...(mutant === null ? {} : { FIGURE_MUTANT: mutant }),
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [out, says] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => {
    out += chunk;
  });
  child.stderr.on("data", (chunk: Buffer) => {
    says += chunk;
  });
  const line = () => /^LATCHKEY_KEYS=(.+)$/m.exec(out)?.[1] ?? "";
  const ended = once(child, "close").then(([code]) => ({ ok: code === 0, says: says.trim(), line: line() }));
  return { process: child, ended };
}
