import { fork } from "node:child_process";
import { join } from "node:path";
import type { Ask, Told } from "./tester";

export type Tester = { ask: (ask: Ask) => Promise<Told>; end: () => Promise<void> };

/** Vitest over the sources in `root`, in a process of its own. */
export async function startTester(root: string): Promise<Tester> {
  const child = fork(join(root, "tests/figures/tester.ts"), [], {
    cwd: root,
    execArgv: ["--import", "tsx"],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
    env: { ...process.env, NODE_ENV: "test", DATABASE_URL: undefined, LATCHKEY_KEYS: undefined, AUTH_SECRET: undefined },
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const heard = () =>
    new Promise<unknown>((resolve, reject) => {
      const gone = (code: number | null) => reject(new Error(`The tests' process ended with ${code}.`));
      child.once("exit", gone);
      child.once("message", (message) => {
        child.off("exit", gone);
        resolve(message);
      });
    });
  await heard();
  return {
    ask: async (ask) => {
      const answer = heard();
      child.send(ask);
      const told = (await answer) as Told | { error: string };
      if ("error" in told) throw new Error(told.error);
      return told;
    },
    end: async () => {
      if (child.connected) child.send("stop");
      await ended;
    },
  };
}
