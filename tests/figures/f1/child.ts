import { type ChildProcess, fork } from "node:child_process";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { bundleProcesses } from "@/tests/support/bundle-processes";
import type { Flow, Orders, Settled, Told } from "./orders";

const folder = join(process.cwd(), "node_modules", ".cache", `latchkey-f1-${process.pid}`);

/** It is started hundreds of times. */
export async function bundle(): Promise<() => Promise<void>> {
  await mkdir(folder, { recursive: true });
  await bundleProcesses({ process: "tests/figures/f1/process.ts" }, folder);
  return () => rm(folder, { recursive: true, force: true });
}

export type Child = {
  process: ChildProcess;
  settle: () => Promise<Settled | null>;
  flow: (flow: Flow, merchant: number) => Promise<Settled | null>;
  work: () => void;
  kill: () => Promise<void>;
};

/** The product in a process of its own; `settle` resolves to null where it was killed over it. */
export async function start(orders: Orders, environment: Record<string, string>): Promise<Child> {
  const child = fork(join(folder, "process.mjs"), [JSON.stringify(orders)], {
    execArgv: [],
    env: { ...process.env, ...environment, NODE_ENV: "test" },
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const next = () =>
    new Promise<Settled | "ready" | null>((resolve) => {
      child.once("message", (message) => resolve(message as Settled | "ready"));
      void ended.then(() => resolve(null));
    });
  const asked = async (what: Told) => {
    const settled = next();
    child.send(what);
    return (await settled) as Settled | null;
  };
  if ((await next()) !== "ready") throw new Error("The process under test did not start.");
  return {
    process: child,
    settle: () => asked("settle"),
    flow: (flow, merchant) => asked({ flow, merchant }),
    work: () => void child.send("work"),
    kill: async () => {
      child.kill("SIGKILL");
      await ended;
    },
  };
}
