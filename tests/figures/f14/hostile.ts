import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { transaction } from "@/db/client";
import { insertOffer, updateOffer } from "@/db/offers";
import { settingsOf } from "@/tests/support/sealed-offers";
import { kinds } from "./kinds";
import type { Call, Told } from "./platform";

const file = fileURLToPath(new URL("./platform.ts", import.meta.url));
const LONGEST_MS = 60_000;

export type Hostile = {
  /** Each kind's platform, as an admin added it. */
  offers: { kind: string; slug: string; slow: boolean }[];
  /** Resolves when no connection is open any more, to what there were since the last time. */
  over: () => Promise<Call[]>;
  close: () => void;
};

async function add(slug: string, name: string, port: number): Promise<void> {
  const origin = `http://127.0.0.1:${port}`;
  const urls = { issuer: null, authorizeUrl: `${origin}/authorize`, tokenUrl: `${origin}/token` };
  const settings = { ...settingsOf(name), ...urls, authMethod: "none" as const, scopes: ["orders.read"] };
  await transaction(async (tx) => {
    await insertOffer(tx, { slug, settings, createdBy: "Omar Haddad" });
    await updateOffer(tx, slug, { published: true });
  });
}

/** One platform of each kind, all in a process of their own. */
export async function startHostile(): Promise<Hostile> {
  const child = fork(file, [], { execArgv: ["--import", "tsx"], env: { PATH: process.env.PATH, NODE_ENV: "test" } });
  const told = () =>
    new Promise<Told>((resolve, reject) => {
      const ended = (code: number | null) => reject(new Error(`The hostile platforms ended with ${code}.`));
      child.once("exit", ended).once("message", (message) => {
        child.off("exit", ended);
        resolve(message as Told);
      });
    });
  const first = await told();
  const ports = "ports" in first ? first.ports : {};
  const offers = Object.entries(kinds).map(([kind, { slow }], index) => ({ kind, slug: `hostile-${index}`, slow }));
  for (const { kind, slug } of offers) await add(slug, kind, ports[kind] ?? 0);
  return {
    offers,
    over: async () => {
      const calls: Call[] = [];
      for (
        const until = performance.now() + LONGEST_MS;
        performance.now() < until;
        await new Promise((resolve) => setTimeout(resolve, 50))
      ) {
        const next = told();
        child.send("how");
        const now = await next;
        if (!("open" in now)) continue;
        calls.push(...now.calls);
        if (now.open === 0) return calls;
      }
      throw new Error("A hostile platform still holds a connection after a minute.");
    },
    close: () => void child.kill(),
  };
}
