import { type ChildProcess, fork } from "node:child_process";
import { randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";
import { sql } from "drizzle-orm";
import { database } from "@/db/client";
import { newId } from "@/db/new-id";
import { connections } from "@/db/schema";
import { sealIssued } from "@/lib/connections/sealed-grant";
import { makeMerchant } from "@/tests/auth/people";
import type { SetUp } from "@/tests/figures/figure";
import { freePort } from "@/tests/support/free-port";
import type { Told } from "./renewals-worker";
import { standardAt } from "./standard-environment";

const ANSWER_MS = 300;
const DUE = 8_000;
const BARE_CALLS = 1_200;
const GOAL = 0.7;
const TARGET = 200;

function start(name: string, values: readonly (string | number)[], environment: Record<string, string> = {}): ChildProcess {
  return fork(fileURLToPath(new URL(name, import.meta.url)), values.map(String), {
    execArgv: ["--conditions=react-server", "--import", "tsx"],
    env: { ...process.env, ...environment, NODE_ENV: "test" },
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
}

const said = <T>(child: ChildProcess) =>
  new Promise<T>((resolve, reject) => {
    child.once("message", (message) => resolve(message as T));
    child.once("exit", (code) => reject(new Error(`A process of the benchmark ended with ${code}.`)));
  });

/** Connections of the standard platform, all due now: their tokens are good at a platform that takes any. */
async function seed(): Promise<void> {
  const merchantId = await makeMerchant();
  for (let made = 0; made < DUE; made += 500) {
    const rows = Array.from({ length: 500 }, (_, index) => {
      const at = { id: newId("con"), merchantId };
      const renewal = JSON.stringify({ v: 1, refreshToken: randomBytes(24).toString("base64url") });
      const issued = {
        access: randomBytes(24).toString("base64url"),
        renewal,
        expiresAt: new Date(Date.now() + 1_800_000),
        scopes: ["orders.read"],
      };
      return {
        ...at,
        ...sealIssued(issued, at, []),
        ...{
          offer: "oauth2",
          provider: "oauth2",
          environment: "production",
          accountId: `account-${made + index}`,
          status: "active" as const,
        },
        ...{ issuedAt: sql`app_now()`, connectedAt: sql`app_now()`, nextRefreshAt: sql`app_now()`, generation: 1 },
      };
    });
    await database().insert(connections).values(rows);
  }
  await database().execute(sql`analyze connections`);
}

/** Renewals per second of one worker process, and of the bare calls in the same process at the same platform. */
export async function renewals(setUp: SetUp, address: string, say: (line: string) => void, profile: boolean): Promise<boolean> {
  await seed();
  const port = await freePort();
  const platform = start("./renewals-platform.ts", [port, ANSWER_MS]);
  await said(platform);
  const origin = `http://127.0.0.1:${port}`;
  const worker = start("./renewals-worker.ts", [origin, BARE_CALLS], standardAt(origin, address));
  const { before, told, after } = await said<Record<"before" | "told" | "after", Told>>(worker).finally(() => platform.kill());
  const rate = ({ renewals: n, seconds }: Told) => n / seconds;
  const bare = (rate(before) + rate(after)) / 2;
  const ratio = rate(told) / bare;
  const per = (value: number) => (value / told.renewals).toFixed(2);
  say(
    `renewals on ${setUp}: ${rate(told).toFixed(0)} a second of one worker process (${told.renewals} due, ${ANSWER_MS} ms an answer, 60 in flight; target ${TARGET})\n` +
      `  bare calls, same process and platform: ${bare.toFixed(0)} a second (${rate(before).toFixed(0)} before, ${rate(after).toFixed(0)} after)\n` +
      `  ratio ${ratio.toFixed(2)}, goal ${GOAL}: ${ratio >= GOAL ? "met" : "MISSED"}; ` +
      `${per(told.statements)} statements and ${per(told.cpuSeconds * 1000)} ms of CPU a renewal, ${((before.cpuSeconds * 1000) / before.renewals).toFixed(2)} ms a bare call`,
  );
  if (profile) for (const [text, times, ms] of told.costs) say(`  ${per(times)} x ${(ms / times).toFixed(1)} ms  ${text}`);
  return ratio >= GOAL;
}
