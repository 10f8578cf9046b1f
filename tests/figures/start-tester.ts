import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import type { Ask, Told } from "./tester";

export type Tester = { ask: (ask: Ask) => Promise<Told>; end: () => Promise<void> };

/** The next thing it says; rejects where it ends instead. */
const heard = (child: ChildProcess) =>
  new Promise<unknown>((resolve, reject) => {
    const gone = (code: number | null) => reject(new Error(`The tests' process ended with ${code}.`));
    child.once("exit", gone);
    child.once("message", (message) => {
      child.off("exit", gone);
      resolve(message);
    });
  });

async function begin(root: string): Promise<ChildProcess> {
  const child = fork(join(root, "tests/figures/tester.ts"), [], {
    cwd: root,
    execArgv: ["--import", "tsx"],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
    env: { ...process.env, NODE_ENV: "test", DATABASE_URL: undefined, LATCHKEY_KEYS: undefined, AUTH_SECRET: undefined },
  });
  await heard(child);
  return child;
}

/** Vitest over the sources in `root`, in a process of its own: another where that one does not outlive a mutant. */
export async function startTester(root: string): Promise<Tester> {
  let child = await begin(root);
  const once = async (ask: Ask): Promise<Told> => {
    if (!child.connected) child = await begin(root);
    const answer = heard(child);
    child.send(ask);
    const told = (await answer) as Told | { error: string };
    if ("error" in told) throw new Error(told.error);
    return told;
  };
  return {
    ask: (ask) => once(ask).catch(() => once(ask)),
    end: async () => {
      if (!child.connected) return;
      const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
      child.send("stop");
      await ended;
    },
  };
}
