import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { UserActor } from "@/lib/auth/actor";
import type { Expiry, Served } from "./process";

const file = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** One operating-system process that renews in the background and calls on demand. */
export type Worker = {
  process: ChildProcess;
  /** Its callers meet an expiry; resolves when each has access or gave up. */
  meet: (expiry: Expiry) => Promise<Served>;
  /** Whether a mutant changed any of its statements. */
  changed: () => boolean;
  end: () => Promise<void>;
};

type How = { actor: UserActor; environment: Record<string, string>; mutant: string | null; clockAhead: boolean };

export async function startWorker({ actor, environment, mutant, clockAhead }: How): Promise<Worker> {
  const preloaded = [...(clockAhead ? ["./clock-ahead.ts"] : []), ...(mutant === null ? [] : ["./mutant.ts"])];
  const child = fork(file("./process.ts"), [JSON.stringify(actor)], {
    execArgv: ["--conditions=react-server", "--import", "tsx", ...preloaded.flatMap((name) => ["--import", file(name)])],
    env: { ...process.env, ...environment, NODE_ENV: "test", ...(mutant === null ? {} : { FIGURE_MUTANT: mutant }) },
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const met = new Map<number, (served: Served) => void>();
  let changed = false;
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  await new Promise<void>((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`A worker of the figure ended with ${code}.`)));
    child.on("message", (message: Served | "ready" | "changed") => {
      if (message === "ready") resolve();
      else if (message === "changed") changed = true;
      else met.get(message.event)?.(message);
    });
  });
  return {
    process: child,
    meet: (expiry) =>
      new Promise((resolve) => {
        met.set(expiry.event, (served) => {
          met.delete(expiry.event);
          resolve(served);
        });
        child.send(expiry);
      }),
    changed: () => changed,
    end: async () => {
      child.send("stop");
      await ended;
    },
  };
}
