import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

export type Worker = { child: ChildProcess; next: <T>() => Promise<T> };

/** Starts a program of the benchmark's, as bare as Node runs it, and waits until it says that it is ready. */
export async function startWorker(file: string, values: readonly (string | number)[]): Promise<Worker> {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), values.map(String), {
    execArgv: [],
    env: { ...process.env, NODE_ENV: "production" },
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const ended = once(child, "exit").then(([code]) => {
    throw new Error(`${file} ended with ${code}.`);
  });
  ended.catch(() => undefined);
  const next = async <T>() => ((await Promise.race([once(child, "message"), ended])) as [T])[0];
  await next();
  return { child, next };
}
