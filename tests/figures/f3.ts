import { sql } from "drizzle-orm";
import { database } from "@/db/client";
import { LEASE_S } from "@/lib/connections/lease";
import { asActor, makeMerchant, makePerson } from "@/tests/auth/people";
import { connect } from "./f3/connect";
import { type RotatingPlatform, rotatingPlatform } from "./f3/platform";
import type { Served } from "./f3/process";
import { startWorker, type Worker } from "./f3/processes";
import { type Figure, randomOf, spread } from "./figure";

const PROCESSES = 3;
const CALLERS = 100;
const GATE = 50;
const NIGHT = 300;
/** So many expiries at once, each at a connection of its own. */
const LANES = 4;
/** Milliseconds and of how many in a hundred calls; the client gives up after 20 s. */
const LATENCIES = [
  [5, 52],
  [200, 36],
  [5_000, 9],
  [19_000, 3],
] as const;
const STOPPED_S = LEASE_S + 5;

type Expiry = { number: number; latencyMs: number; spendings: number; served: Served[]; seconds: number; stopped: boolean };

function latencyOf(random: number): number {
  let left = random * 100;
  for (const [ms, share] of LATENCIES) {
    left -= share;
    if (left < 0) return ms;
  }
  return LATENCIES[0][0];
}

/** Its access has just run out: `due`, and the background may see it as well. */
async function expire(id: string, due: boolean): Promise<number> {
  const next = due ? sql`app_now()` : sql`null`;
  const found = await database().execute<{ generation: number }>(
    sql`update connections set expires_at = app_now(), next_refresh_at = ${next} where id = ${id} returning generation`,
  );
  return found.rows[0]?.generation ?? 0;
}

export const figure: Figure = {
  title: "Three processes, callers and background workers, at a platform that kills a grant whose token comes back: calls per expiry",
  mutants: {
    "no-lease": "a claim does not ask whether somebody is at it, or has sent and not settled",
    "no-doubt": "a claim asks for the lease alone: what was sent and not settled is spent again",
    "no-fence": "a claim does not ask for the lease, and who lost it goes on as if he had it",
  },
  night: ["external", "embedded"],
  measure: async ({ seed, long, many, mutant, address, say }) => {
    const random = randomOf(seed);
    const platform = await rotatingPlatform(seed);
    const { id: person } = await makePerson("omar@latchkey.example", "admin");
    const merchantId = await makeMerchant("Nile Books");
    const environment = { ...platform.environment, DATABASE_URL: address };
    const start = (_: unknown, index: number) =>
      startWorker({ actor: asActor(person), environment, mutant, clockAhead: index === PROCESSES - 1 });
    const workers = await Promise.all(Array.from({ length: PROCESSES }, start));
    try {
      const total = many ?? (long ? NIGHT : GATE);
      const plan = Array.from({ length: total }, (_, number) => ({
        number,
        latencyMs: latencyOf(random()),
        delayMs: Math.max(0, random() - 0.5) * 1_200,
      }));
      const stoppedAt = Math.floor(total * (0.3 + 0.2 * random()));
      const expiries: Expiry[] = [];
      const lane = async (_: unknown, index: number) => {
        const account = `shop-${index}`;
        const id = await connect(platform, merchantId, account);
        for (let next = plan.shift(); next; next = plan.shift()) {
          // A grant that has ended cannot expire again, and one is enough.
          if (platform.killed() > 0) break;
          const began = performance.now();
          const spentBefore = platform.spent.get(account) ?? 0;
          const stopped = next.number === stoppedAt;
          platform.latencyMs.set(account, stopped ? 5_000 : next.latencyMs);
          const served = await (stopped ? standstill(workers, platform, id, account, next.number) : usual(workers, id, next));
          const spendings = (platform.spent.get(account) ?? 0) - spentBefore;
          expiries.push({ ...next, spendings, served, stopped, seconds: (performance.now() - began) / 1000 });
          if (expiries.length % 50 === 0) say(`  ${expiries.length} expiries`);
        }
      };
      await Promise.all(Array.from({ length: Math.min(LANES, total) }, lane));
      if (mutant !== null && !workers.some((worker) => worker.changed())) throw new Error("The mutant has changed nothing.");
      return await judge(expiries, platform);
    } finally {
      await Promise.all(workers.map((worker) => worker.end()));
      await platform.close();
    }
  },
  notTested: [
    "real platforms",
    "processes on several machines, or a network that parts between a process and the database",
    "a database that restarts meanwhile",
    "Neon's driver",
  ],
};

/** The background sees it at once, the callers of all processes together a moment later. */
async function usual(workers: readonly Worker[], connection: string, { number, delayMs }: { number: number; delayMs: number }) {
  const seen = await expire(connection, true);
  await new Promise((resolve) => setTimeout(resolve, delayMs));
  return Promise.all(workers.map((worker) => worker.meet({ event: number, connection, seen, callers: CALLERS })));
}

/** One process has sent its call, then stands still until long after its lease; the answer comes meanwhile. */
async function standstill(workers: readonly Worker[], platform: RotatingPlatform, connection: string, family: string, event: number) {
  const [holder, ...others] = workers;
  if (!holder) return [];
  const seen = await expire(connection, false);
  const taken = platform.taken(family);
  const first = holder.meet({ event, connection, seen, callers: 1 });
  await taken;
  holder.process.kill("SIGSTOP");
  await database().execute(sql`update connections set next_refresh_at = app_now() where id = ${connection}`);
  const rest = others.map((worker) => worker.meet({ event, connection, seen, callers: CALLERS }));
  await new Promise((resolve) => setTimeout(resolve, STOPPED_S * 1000));
  holder.process.kill("SIGCONT");
  const one = await first;
  const last = await holder.meet({ event, connection, seen, callers: CALLERS - 1 });
  return [...(await Promise.all(rest)), { ...last, served: one.served + last.served }];
}

async function judge(expiries: readonly Expiry[], platform: RotatingPlatform) {
  const served = expiries.flatMap((expiry) => expiry.served);
  const callers = served.reduce((sum, one) => sum + one.served, 0);
  const expected = expiries.length * PROCESSES * CALLERS;
  const spendings = [...platform.spent.values()].reduce((sum, one) => sum + one, 0);
  const wrong = expiries.filter((expiry) => expiry.spendings !== 1).length;
  const stopped = expiries.find((expiry) => expiry.stopped);
  const answers: Record<string, number> = {};
  for (const one of served) for (const [name, times] of Object.entries(one.answers)) answers[name] = (answers[name] ?? 0) + times;
  const by = await database().execute<{ who: string; many: number }>(
    sql`select actor_kind as who, count(*)::int as many from events where kind = 'connection.renewed' group by actor_kind order by who`,
  );
  const killed = platform.killed();
  const won = by.rows.map(({ who, many }) => `${many} by ${who === "system" ? "a background worker" : "a caller"}`).join(", ");
  return {
    n: expiries.length,
    of: "expiries",
    // A family that was killed, a call too many or too few, and a caller who was left without access.
    failures: wrong + killed + platform.refused() + (expected - callers),
    line:
      `${expiries.length} expiries, ${expected} callers in ${PROCESSES} processes: ${spendings} spendings (${won}), ${killed} families killed, ` +
      `${callers} callers served` +
      (stopped ? `; one holder stopped for ${STOPPED_S} s with its call out: ${stopped.spendings} spending` : ""),
    result: {
      expiries: expiries.length,
      callers: expected,
      served: callers,
      spendings,
      mostPerExpiry: Math.max(0, ...expiries.map((expiry) => expiry.spendings)),
      otherThanOne: wrong,
      familiesKilled: killed,
      refusedAtThePlatform: platform.refused(),
      wonBy: Object.fromEntries(by.rows.map(({ who, many }) => [who, many])),
      answersToCallers: answers,
      latenciesMs: Object.fromEntries(LATENCIES.map(([ms]) => [ms, expiries.filter((expiry) => expiry.latencyMs === ms).length])),
      secondsPerExpiry: spread(expiries.map(({ seconds }) => seconds)),
      stopped: stopped ? { seconds: STOPPED_S, spendings: stopped.spendings } : null,
      clockAheadS: { processes: 1, seconds: 3_600 },
    },
  };
}
