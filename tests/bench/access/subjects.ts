import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { sql } from "drizzle-orm";
import { database } from "@/db/client";
import { hashToken } from "@/lib/auth/session-token";
import { env } from "@/lib/env";
import { answers, startProduct } from "@/tests/demo/product";
import { freePort } from "@/tests/support/free-port";
import type { Store, Stores } from "./stores";
import { startWorker } from "./worker";

type Ask = { method: "GET"; path: string; headers: Record<string, string> };
/** Whoever is asked for the same tokens: each in a process of its own. */
export type Subject = { name: string; origin: string; ask: (store: Store) => Ask; end: () => Promise<unknown> };

type Facts = { address: string; stores: Stores; environment: Record<string, string> };

const PEER = fileURLToPath(new URL("../peer/", import.meta.url));
const NEXT = "node_modules/next/dist/bin/next";

const asks =
  ({ key }: Stores) =>
  ({ id }: Store): Ask => ({ method: "GET", path: `/api/v1/connections/${id}/access`, headers: { authorization: `Bearer ${key}` } });

async function product(name: string, { stores, environment }: Facts, program: (port: number) => string[]): Promise<Subject> {
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const said: string[] = [];
  const started = startProduct({
    environment: { ...environment, LATCHKEY_URL: origin, PORT: String(port) },
    onLine: (line) => said.push(line),
    program: program(port),
  });
  if (!(await answers(started, 60_000))) throw new Error(`${name} did not start:\n${said.slice(-20).join("\n")}`);
  return { name, origin, ask: asks(stores), end: started.stop };
}

async function bare(name: string, file: string, values: readonly string[], stores: Stores): Promise<Subject> {
  const port = await freePort();
  const { child } = await startWorker(file, [port, ...values]);
  return { name, origin: `http://127.0.0.1:${port}`, ask: asks(stores), end: async () => child.kill() };
}

function floor({ address, stores }: Facts): Promise<Subject> {
  const [sealing] = env().LATCHKEY_KEYS;
  if (!sealing) throw new Error("There is no key to seal with");
  return bare("floor", "./floor-worker.ts", [address, sealing.id, sealing.bytes.toString("base64")], stores);
}

async function raw({ stores }: Facts): Promise<Subject> {
  const body = JSON.stringify({ headers: { authorization: `Bearer ${stores.fresh[0]?.token}` }, padding: "x".repeat(180) });
  return bare("raw", "./raw-worker.ts", [body], stores);
}

/** Better Auth, with packages of its own, in a schema of its own, asked in both ways. It knows a store as the one account of one user. */
async function peers({ address, stores: { key, fresh } }: Facts): Promise<Subject[]> {
  if (!existsSync(`${PEER}node_modules`)) execFileSync("npm", ["ci"], { cwd: PEER, stdio: "inherit" });
  await database().execute(sql`create schema peer`);
  const port = await freePort();
  const worker = await startWorker("../peer/server.mjs", [port, address, env().AUTH_SECRET]);
  worker.child.send({ tokens: fresh.map(({ token }) => token), keyHash: hashToken(key) });
  const users = await worker.next<{ userId: string; cookie: string }[]>();
  const userOf = new Map(fresh.map(({ id }, index) => [id, users[index]]));
  const ways: Record<string, Subject["ask"]> = {
    "better-auth": ({ id }) => ({ method: "GET", path: "/", headers: { cookie: userOf.get(id)?.cookie ?? "" } }),
    "better-auth by key": ({ id }) => ({ method: "GET", path: `/${userOf.get(id)?.userId}`, headers: { authorization: `Bearer ${key}` } }),
  };
  const end = async () => worker.child.kill();
  return Object.entries(ways).map(([name, ask]) => ({ name, origin: `http://127.0.0.1:${port}`, ask, end }));
}

/** All of them, at work. `environment` is what the product must be told; with a `profile` the listener leaves one there when it ends. */
export async function startSubjects(facts: Facts, profile: string | null): Promise<Subject[]> {
  const profiling = profile === null ? [] : ["--cpu-prof", `--cpu-prof-dir=${profile}`];
  // What works in the background does so beside the listener, as with `npm start`, and once is enough.
  const pages = { ...facts, environment: { ...facts.environment, LATCHKEY_WORKER: "0" } };
  return [
    await product("listener", facts, () => [...profiling, "dist/server.js"]),
    await product("next", pages, (port) => [NEXT, "start", "-p", String(port)]),
    await floor(facts),
    ...(await peers(facts)),
    await raw(facts),
  ];
}

/** What it hands out for one store, asked in plain words. */
export async function answerOf({ name, origin, ask }: Subject, store: Store): Promise<string | null> {
  const { path, ...init } = ask(store);
  const answer = await fetch(origin + path, init);
  if (answer.status !== 200) throw new Error(`${name} answered ${answer.status}`);
  const { headers } = (await answer.json()) as { headers: Record<string, string> };
  return new Headers(headers).get("authorization");
}
