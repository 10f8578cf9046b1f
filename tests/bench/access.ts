import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import type { SetUp } from "@/tests/figures/figure";
import { begun } from "@/tests/figures/result";
import { withDatabase } from "@/tests/figures/set-up";
import { freePort } from "@/tests/support/free-port";
import { build, isBuilt } from "@/tests/support/production-build";
import { judge, median, nameOf, type Run } from "./access/judge";
import type { Crowd, Load, Measured } from "./access/load-worker";
import { mixed } from "./access/mixed";
import { makeStores, type Stores } from "./access/stores";
import { answerOf, type Subject, startSubjects } from "./access/subjects";
import { startWorker, type Worker } from "./access/worker";
import { standardAt } from "./standard-environment";

const RESULT = "tests/bench/access.json";
const CALLERS = [1, 8, 32];
const PLATFORM_MS = 200;
const SETTLE_MS = 300;
const WARM_MS = 2_500;
/** Fewer say too little to be kept. */
const KEPT_RUNS = 5;

type Wishes = { database: SetUp; seconds: number; runs: number; profile: boolean };

/** How fast access is handed out, beside whoever does as much or less, all of them asked in turns; whether every goal is met. */
export async function access(say: (line: string) => void, wishes: Wishes): Promise<boolean> {
  if (!isBuilt()) await build({ onLine: say });
  const runs = await withDatabase(wishes.database, (address) => measureAll(address, say, wishes));
  const lines = linesOf(runs);
  for (const line of lines) say(toldOf(line));
  const verdicts = judge(runs);
  for (const { goal, value, met } of verdicts) say(`  ${met ? "met   " : "MISSED"} ${value.toFixed(2).padStart(6)}  ${goal}`);
  if (wishes.runs >= KEPT_RUNS) {
    const { database, seconds, runs: times } = wishes;
    const how = `PostgreSQL 18 (${database}), each subject in a process of its own (better-auth's two ways in one), autocannon in another, all on one machine; ${times} interleaved runs of ${seconds} s, their medians; ratios are of one run each`;
    writeFileSync(
      RESULT,
      `${JSON.stringify({ command: "npm run bench -- access", how, ...begun, measured: lines, goals: verdicts }, null, 2)}\n`,
    );
    say(`  written to ${RESULT}`);
  }
  return verdicts.every(({ met }) => met);
}

async function measureAll(address: string, say: (line: string) => void, wishes: Wishes): Promise<Run[]> {
  const port = await freePort();
  const platform = await startWorker("../renewals-platform.ts", [port, PLATFORM_MS]);
  const slice = Math.ceil((wishes.seconds + 1) * (1_000 / PLATFORM_MS) * 40);
  const stores = await makeStores(slice * wishes.runs);
  const { LATCHKEY_KEYS = "", AUTH_SECRET = "" } = process.env;
  const environment = { ...standardAt(`http://127.0.0.1:${port}`, address), LATCHKEY_KEYS, AUTH_SECRET };
  const subjects = await startSubjects({ address, stores, environment }, wishes.profile ? tmpdir() : null);
  if (wishes.profile) say(`  the listener's CPU profile will be in ${tmpdir()}`);
  const load = await startWorker("./load-worker.ts", []);
  try {
    await checkSame(subjects, stores);
    const askAll = (subject: Subject): Crowd => ({ callers: 8, requests: stores.fresh.map(subject.ask) });
    for (const subject of subjects) await ask(load, subject, askAll(subject), { settleMs: 0, measureMs: WARM_MS });
    const runs: Run[] = [];
    for (let run = 0; run < wishes.runs; run += 1) {
      const stale = stores.stale.slice(run * slice, (run + 1) * slice);
      // Nobody is always first, when whatever went before still lingers.
      const turns = [...subjects.slice(run % subjects.length), ...subjects.slice(0, run % subjects.length)];
      runs.push(await oneRun(load, turns, { fresh: stores.fresh, stale }, wishes.seconds * 1_000));
      say(`  run ${run + 1} of ${wishes.runs}`);
    }
    return runs;
  } finally {
    for (const { end } of subjects) await end();
    load.child.kill();
    platform.child.kill();
  }
}

/** Whoever is compared must hand out the same. */
async function checkSame(subjects: readonly Subject[], { fresh }: Stores): Promise<void> {
  for (const subject of subjects.filter(({ name }) => name !== "raw"))
    for (const store of fresh.slice(0, 20))
      if ((await answerOf(subject, store)) !== `Bearer ${store.token}`) throw new Error(`${subject.name} handed out something else`);
}

async function oneRun(load: Worker, subjects: readonly Subject[], { fresh, stale }: Omit<Stores, "key">, measureMs: number): Promise<Run> {
  const run: Run = {};
  const times = { settleMs: SETTLE_MS, measureMs };
  for (const callers of CALLERS)
    for (const subject of subjects) {
      const spread = { callers, requests: fresh.map(subject.ask) };
      const measured = await ask(load, subject, spread, times);
      run[nameOf(subject.name, callers)] = measured;
      if (subject.name !== "listener" || callers !== 8) continue;
      run[nameOf("hot", 8)] = await ask(
        load,
        subject,
        { callers, requests: Array(callers).fill(subject.ask(fresh[0] as Stores["fresh"][0])) },
        times,
      );
      const [inside, outside] = [stale.slice(0, stale.length / 2), stale.slice(stale.length / 2)];
      run[nameOf("1 % stale", 8)] = await ask(load, subject, mixed(callers, { fresh, stale: inside }, subject), times);
      // The same without the rest that waiting gives to whoever asks: others wait, as many as it takes to have one of a hundred requests do so.
      const waiting = Math.ceil((measured.perSecond / 99) * (PLATFORM_MS / 1_000));
      run[nameOf("beside", 8)] = await ask(load, subject, spread, times, { callers: waiting, requests: outside.map(subject.ask) });
    }
  return run;
}

async function ask(
  load: Worker,
  { name, origin }: Subject,
  crowd: Crowd,
  times: Pick<Load, "settleMs" | "measureMs">,
  beside: Crowd | null = null,
) {
  load.child.send({ origin, crowd, beside, ...times } satisfies Load);
  const { measured, error } = await load.next<{ measured?: Measured; error?: string }>();
  if (!measured) throw new Error(`${name}: ${error}`);
  return measured;
}

function linesOf(runs: readonly Run[]) {
  return Object.keys(runs[0] ?? {}).map((name) => {
    const all = runs.flatMap((run) => run[name] ?? []);
    const floor = nameOf("floor", Number(name.split(" ").at(-1)));
    return {
      subject: name,
      perSecond: Math.round(median(all.map(({ perSecond }) => perSecond))),
      p50: Number(median(all.map(({ p50 }) => p50)).toFixed(3)),
      p99: Number(median(all.map(({ p99 }) => p99)).toFixed(3)),
      toFloor: Number(median(runs.map((run) => (run[name]?.perSecond ?? Number.NaN) / (run[floor]?.perSecond ?? Number.NaN))).toFixed(3)),
    };
  });
}

const toldOf = ({ subject, perSecond, p50, p99, toFloor }: ReturnType<typeof linesOf>[number]): string =>
  `${subject.padEnd(24)} ${String(perSecond).padStart(6)} a second, p50 ${p50.toFixed(2).padStart(6)} ms, p99 ${p99.toFixed(2).padStart(6)} ms, ${toFloor.toFixed(2)} of the floor`;
