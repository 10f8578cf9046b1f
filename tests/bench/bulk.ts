import { type ChildProcess, fork } from "node:child_process";
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { sql } from "drizzle-orm";
import { database } from "@/db/client";
import { newId } from "@/db/new-id";
import { connections } from "@/db/schema";
import { chosenOf } from "@/lib/bulk/selection";
import { type ShownRun, showRun } from "@/lib/bulk/show-run";
import { startRun } from "@/lib/bulk/start-run";
import { sealIssued } from "@/lib/connections/sealed-grant";
import { asActor, makeMerchant, makePerson } from "@/tests/auth/people";
import type { SetUp } from "@/tests/figures/figure";
import { freePort } from "@/tests/support/free-port";
import { standardAt } from "./standard-environment";

const STORES = 10_000;
const ANSWER_MS = 20;
/** A process is killed when so much of it is done. */
const KILLS = [0.3, 0.6];
/** As many as one process has in hand at once: each with an access and a refresh token. */
const IN_HAND = 12 * 2;

const children: ChildProcess[] = [];

function start(name: string, values: readonly (string | number)[], environment: Record<string, string> = {}): Promise<ChildProcess> {
  const child = fork(fileURLToPath(new URL(name, import.meta.url)), values.map(String), {
    execArgv: ["--conditions=react-server", "--import", "tsx"],
    env: { ...process.env, ...environment, NODE_ENV: "test" },
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  children.push(child);
  return new Promise((resolve, reject) => {
    child.once("message", () => resolve(child));
    child.once("exit", (code) => reject(new Error(`A process of the benchmark ended with ${code}.`)));
  });
}

async function seed(): Promise<void> {
  const merchantId = await makeMerchant();
  const token = () => randomBytes(24).toString("base64url");
  for (let made = 0; made < STORES; made += 500) {
    const rows = Array.from({ length: 500 }, (_, index) => {
      const at = { id: newId("con"), merchantId };
      const renewal = JSON.stringify({ v: 1, refreshToken: token() });
      const issued = { access: token(), renewal, expiresAt: null, scopes: ["orders.read"] };
      const about = { offer: "oauth2", provider: "oauth2", environment: "production", accountId: `account-${made + index}` };
      return {
        ...at,
        ...sealIssued(issued, at, []),
        ...about,
        ...{ status: "active" as const, issuedAt: sql`app_now()`, connectedAt: sql`app_now()`, generation: 1 },
      };
    });
    await database().insert(connections).values(rows);
  }
  await database().execute(sql`analyze connections`);
}

/** Revokes 10,000 stores by worker processes of which two are killed in the middle; the platform's own ledger decides. */
export async function bulk(setUp: SetUp, address: string, say: (line: string) => void): Promise<boolean> {
  await seed();
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const environment = standardAt(origin, address);
  Object.assign(process.env, environment);
  try {
    await start("./bulk-platform.ts", [port, ANSWER_MS]);
    const sara = asActor((await makePerson("sara@latchkey.example", "support")).id, "support");
    const chosen = chosenOf({ act: "revoke", all: "1", query: "offer=oauth2" });
    if (!chosen) return false;
    const began = performance.now();
    const runId = await startRun(sara, chosen, { count: STORES, reason: "left" });
    const fixed = performance.now();
    let shown = await showRun(sara, runId);
    for (const share of [...KILLS, 1]) {
      const worker = await start("./bulk-worker.ts", [], environment);
      shown = await until(
        () => showRun(sara, runId),
        ({ counts, run }) => counts.done >= share * STORES || run.status !== "running",
      );
      if (share < 1) say(`  kill -9 with ${shown.counts.done} done, ${shown.counts.asked} on their way`);
      worker.kill("SIGKILL");
    }
    const seconds = (performance.now() - fixed) / 1000;
    const ledger = (await (await fetch(`${origin}/ledger`)).json()) as number[];
    const [{ asked = 0, ended = 0 } = {}] = (
      await database().execute<{ asked: number; ended: number }>(sql`
        select count(*) filter (where kind = 'connection.revoke_asked')::int as asked,
          count(*) filter (where kind = 'connection.revoked')::int as ended from events`)
    ).rows;
    const again = ledger.filter((times) => times > 1).length;
    const met =
      shown.counts.done === STORES &&
      shown.counts.failed === 0 &&
      asked === STORES &&
      ended === STORES &&
      ledger.length === 2 * STORES &&
      Math.max(...ledger) <= 1 + KILLS.length &&
      again <= IN_HAND * KILLS.length;
    say(
      `bulk on ${setUp}: ${STORES} stores fixed in ${(fixed - began).toFixed(0)} ms and revoked in ${seconds.toFixed(0)} s through ${KILLS.length} kill -9: ` +
        `${shown.counts.done} done, ${shown.counts.failed} failed\n` +
        `  the platform's ledger: ${ledger.length} of ${2 * STORES} tokens ended, each once; ${again} were in hand at a kill and told a second time ` +
        `(at most ${IN_HAND * KILLS.length}: their answer was lost)\n` +
        `  our own story: ${asked} revocations asked for, ${ended} ended: ${met ? "met" : "MISSED"}`,
    );
    return met;
  } finally {
    for (const child of children) child.kill("SIGKILL");
  }
}

async function until(look: () => Promise<ShownRun>, enough: (shown: ShownRun) => boolean): Promise<ShownRun> {
  for (;;) {
    const shown = await look();
    if (enough(shown)) return shown;
    await sleep(500);
  }
}
