import { type ChildProcess, fork } from "node:child_process";
import { Agent, request } from "node:http";
import { fileURLToPath } from "node:url";
import type { UserActor } from "@/lib/auth/actor";

const file = (name: string) => fileURLToPath(new URL(name, import.meta.url));

export type Answered = { status: number; body: Record<string, unknown> };
export type Call = { method?: "GET" | "POST"; headers?: Record<string, string>; fresh?: boolean };
/** One process of the product that answers on a port. */
export type Instance = {
  process: ChildProcess;
  port: number;
  /** Asks it by HTTP, on a connection that is kept alive or on one of its own. */
  ask: (path: string, call?: Call) => Promise<Answered>;
  kill: () => Promise<void>;
};

type How = { member: UserActor; admin: UserActor; environment: Record<string, string>; mutant: string | null };

function asker(port: number, agent: Agent): Instance["ask"] {
  return (path, { method = "GET", headers = {}, fresh = false } = {}) =>
    new Promise((resolve, reject) => {
      const asked = request({ host: "127.0.0.1", port, path, method, headers, agent: fresh ? false : agent }, async (answer) => {
        try {
          const chunks: Buffer[] = [];
          for await (const chunk of answer) chunks.push(chunk as Buffer);
          const text = Buffer.concat(chunks).toString();
          resolve({ status: answer.statusCode ?? 0, body: text === "" ? {} : (JSON.parse(text) as Record<string, unknown>) });
        } catch (error) {
          reject(error as Error);
        }
      });
      asked.on("error", reject).end();
    });
}

export async function startInstance({ member, admin, environment, mutant }: How): Promise<Instance> {
  const child = fork(file("./process.ts"), [JSON.stringify({ member, admin })], {
    execArgv: ["--conditions=react-server", "--import", "tsx", ...(mutant === null ? [] : ["--import", file("./mutant.ts")])],
    env: { ...process.env, ...environment, NODE_ENV: "test", ...(mutant === null ? {} : { FIGURE_MUTANT: mutant }) },
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const port = await new Promise<number>((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`An instance of the figure ended with ${code}.`)));
    child.once("message", (message) => resolve((message as { port: number }).port));
  });
  const agent = new Agent({ keepAlive: true });
  const kill = async () => {
    agent.destroy();
    child.kill("SIGKILL");
    await ended;
  };
  return { process: child, port, ask: asker(port, agent), kill };
}
