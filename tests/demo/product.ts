import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { keepOutput } from "@/tests/leaks/run-folder";

export type Product = {
  url: string;
  pid: number;
  /** Resolves with what the process ended by, however it ends. */
  ended: Promise<number | NodeJS.Signals>;
  /** Drains and waits for the end. */
  stop: () => Promise<number | NodeJS.Signals>;
  /** Kills its whole process group without a chance to tidy up. */
  kill: () => Promise<void>;
};

type Options = {
  environment: Record<string, string>;
  onLine: (line: string) => void;
  /** Where it works, and keeps what it makes: a folder that looks like this one. */
  folder?: string | undefined;
  /** What to run in place of `npm start`'s program. */
  program?: readonly string[] | undefined;
};

/** What a shell may hold for another installation must not leak into this one. */
export const FOREIGN =
  /^(LATCHKEY|DATABASE_URL|AUTH|OIDC|SMTP|MAIL|NOON|NORCE|ULTRACART|SQUARE|OAUTH2|OTEL|NEXT|NODE|FORCE_COLOR|PORT$|PG)/;

/** Starts the built server as `npm start` does, in a process group of its own, so that Ctrl-C at a terminal reaches only its starter. */
export function startProduct({ environment, onLine, folder, program = ["dist/server.js"] }: Options): Product {
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !FOREIGN.test(name)));
  const child = spawn(process.execPath, ["--import", "./tests/demo/end-with-parent.mjs", ...program], {
    cwd: folder,
    env: {
      ...inherited,
      NEXT_MANUAL_SIG_HANDLE: "true",
      NODE_ENV: "production",
      NEXT_TELEMETRY_DISABLED: "1",
      NO_COLOR: "1",
      ...environment,
    },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    detached: true,
  });
  const tell = (line: string) => {
    keepOutput(`product-${child.pid}`, `${line}\n`);
    onLine(line);
  };
  for (const stream of [child.stdout, child.stderr]) if (stream) createInterface({ input: stream }).on("line", tell);
  const ended = new Promise<number | NodeJS.Signals>((resolve) => {
    child.once("error", () => resolve(1));
    child.once("close", (code, signal) => resolve(signal ?? code ?? 1));
  });
  return {
    url: environment.LATCHKEY_URL ?? "",
    pid: child.pid ?? 0,
    ended,
    stop() {
      child.kill("SIGTERM");
      return ended;
    },
    async kill() {
      killGroup(child);
      await ended;
    },
  };
}

function killGroup({ pid }: ChildProcess): void {
  try {
    if (pid) process.kill(-pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** Waits until a page is served; false when the process ended or the time ran out. `at` is where it really listens. */
export async function answers(product: Product, waitMs: number, at = product.url): Promise<boolean> {
  let over = false;
  void product.ended.then(() => {
    over = true;
  });
  for (const until = performance.now() + waitMs; !over && performance.now() < until; await sleep(100)) {
    const response = await fetch(`${at}/sign-in`, { redirect: "manual" }).catch(() => null);
    await response?.body?.cancel();
    if (response && response.status < 500) return true;
  }
  return false;
}
