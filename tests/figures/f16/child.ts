import { fork } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { bundleProcesses } from "@/tests/support/bundle-processes";
import type { Ordered, Told } from "./order";

const folder = join(process.cwd(), "node_modules", ".cache", `latchkey-f16-${process.pid}`);

export async function bundle(): Promise<() => void> {
  mkdirSync(folder, { recursive: true });
  await bundleProcesses({ process: "tests/figures/f16/process.ts" }, folder);
  return () => rmSync(folder, { recursive: true, force: true });
}

export type Writer = {
  pid: number;
  rows: () => Promise<string[]>;
  /** Without a pause, until it is killed. */
  write: () => void;
  /** So many, one after the other; resolves once each was acknowledged. */
  keep: (entries: number) => Promise<void>;
  commit: (commits: number) => Promise<void>;
  signal: (signal: "SIGSTOP" | "SIGCONT") => void;
  kill: () => Promise<void>;
};

/** Null where it was refused and said so by its end. */
export async function start(ordered: Ordered): Promise<Writer | null> {
  const environment = { ...process.env, NODE_ENV: "test", LATCHKEY_JOURNAL: "off" } as NodeJS.ProcessEnv;
  delete environment.DATABASE_URL;
  const child = fork(join(folder, "process.mjs"), [JSON.stringify(ordered)], {
    execArgv: [],
    env: environment,
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const ended = new Promise<null>((resolve) => child.once("exit", () => resolve(null)));
  const next = <T>() => Promise.race([new Promise<T>((resolve) => child.once("message", (message) => resolve(message as T))), ended]);
  if ((await next<"ready">()) !== "ready") {
    if (child.exitCode === 0) throw new Error("A start that did not join ended as if it had.");
    return null;
  }
  const asked = async <T>(what: Told): Promise<T> => {
    const answer = next<T>();
    child.send(what);
    const said = await answer;
    if (said === null) throw new Error("A writer ended before it answered.");
    return said;
  };
  return {
    pid: child.pid ?? 0,
    rows: () => asked<string[]>("rows"),
    write: () => void child.send("write" satisfies Told),
    keep: (entries) => asked({ entries }),
    commit: (commits) => asked({ commits }),
    signal: (signal) => void child.kill(signal),
    kill: async () => {
      child.kill("SIGKILL");
      await ended;
    },
  };
}
