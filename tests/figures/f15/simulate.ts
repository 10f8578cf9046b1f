import { sql } from "drizzle-orm";
import { database } from "@/db/client";
import { proving } from "@/lib/jobs/proving";
import { renewing } from "@/lib/jobs/renewing";
import { restating } from "@/lib/jobs/restating";
import { revoking } from "@/lib/jobs/revoking";
import { tidying } from "@/lib/jobs/tidying";
import { moveClock, resetClock } from "@/tests/auth/people";
import { drawn, randomOf } from "@/tests/figures/figure";
import { platforms } from "@/tests/support/platforms";
import { Budgets } from "./budgets";
import { Lateness } from "./lateness";
import { mutate } from "./mutants";
import { Network } from "./network";
import { People } from "./people";
import { livesS, type Plan } from "./plan";
import { accountOf, type Platforms } from "./stores";

const DAY = 86_400;
/** Where nothing is due sooner. */
const LONGEST_STEP_S = 1_800;
const MOST_ROUNDS = 5;

type Moment = { atS: number; happens: () => unknown };

/** Lives through a plan by the clocks of the database and of the platforms, which move together; nothing waits for real. */
export async function simulate(plan: Plan, mutant: string | null, say: (line: string) => void) {
  const stores = Array.from({ length: plan.connections }, (_, store) => accountOf(store));
  const at = platforms({ stores, livesS });
  at.simulators.noon.switches.sessionMaxAgeS = livesS.noon;
  mutate(at, mutant);
  let elapsedS = 0;
  const nowS = () => elapsedS;
  const network = new Network(plan, at, nowS);
  const lateness = new Lateness(plan, (ms) => elapsedS - (Date.now() + at.skew.ms - ms) / 1000);
  const budgets = new Budgets(at);
  const people = new People(at, network, nowS, (id) => lateness.forget(id));
  const chance = Math.random;
  Math.random = randomOf(plan.seed);
  try {
    for (let store = 0; store < plan.connections; store += 1) await people.connect(store);
    const calendar = calendarOf(plan, at, network, people);
    await lateness.look();
    let steps = 0;
    while (elapsedS < plan.days * DAY) {
      for (; calendar[0] && calendar[0].atS <= elapsedS; calendar.shift()) await calendar[0].happens();
      await round(network, elapsedS);
      await people.look();
      await lateness.look();
      steps += 1;
      const day = Math.floor(elapsedS / DAY);
      const nextS = Math.min(
        await untilDueS(plan.stepS),
        (calendar[0]?.atS ?? Number.POSITIVE_INFINITY) - elapsedS,
        plan.days * DAY - elapsedS,
      );
      elapsedS += nextS;
      // The platforms first: whoever is asked must not be behind the one who asks.
      at.skew.ms += nextS * 1000;
      await moveClock(`${nextS} seconds`);
      if (Math.floor(elapsedS / DAY) === day) continue;
      budgets.read();
      await people.lookForForgotten();
      const wrong = people.demoted.wrongly + people.demoted.killedByUs + people.forgotten.size;
      say(`  day ${day + 1}: ${lateness.renewals} renewals, ${people.comebacks} owners came back, ${wrong} wrong`);
    }
    return { at, network, people, budgets, lateness, steps, leftBehind: await leftBehind() };
  } finally {
    Math.random = chance;
    await resetClock();
  }
}

/** Everything that happens by the calendar, in order. */
function calendarOf(plan: Plan, at: Platforms, network: Network, people: People): Moment[] {
  const moments: Moment[] = [];
  const mark = (atS: number, happens: Moment["happens"]) => moments.push({ atS, happens });
  // An outage's end is a moment of its own, so that what waited for it is looked at then.
  for (const { fromS, untilS } of plan.outages) for (const atS of [fromS, untilS]) mark(atS, () => undefined);
  for (const { fromS, untilS, slug } of plan.wrongSecrets) {
    const holder = slug === "oauth2" ? at.simulators.oauth2.client : at.simulators.square.state.apps.production;
    const ours = holder.secret;
    mark(fromS, () => Object.assign(holder, { secret: at.simulators[slug].ledger.canary("client-secret") }));
    mark(untilS, () => Object.assign(holder, { secret: ours }));
  }
  for (const { atS, store } of plan.removals) mark(atS, () => people.remove(store));
  for (let day = 0; day < plan.days; day += 1) {
    mark(day * DAY + DAY * drawn(plan.seed, "deploy", day), () =>
      deploy(network, drawn(plan.seed, "dies", day), drawn(plan.seed, "answered", day)),
    );
    // Every connection's access is asked for once a day, if it is one of those that are fetched on demand.
    for (const { slug, store } of people.rows)
      if (slug === "norce" || slug === "noon") mark(day * DAY + DAY * drawn(plan.seed, "use", day, store), () => people.use(store));
  }
  return moments.map((moment) => ({ ...moment, atS: Math.round(moment.atS) })).sort((a, b) => a.atS - b.atS);
}

/** A step stands for many rounds of a worker, so proofs go on until no more are made; what only tidies comes once an hour. */
async function round(network: Network, nowS: number): Promise<void> {
  const one = { open: network.open(), stopping: () => false };
  await renewing.round(one);
  for (let more = 0, calls = -1; more < MOST_ROUNDS && calls !== network.calls; more += 1) {
    calls = network.calls;
    await proving.round(one);
  }
  if (nowS % 3_600 < 900) for (const job of [revoking, restating, tidying]) await job.round(one);
}

/** The process ends in the middle of its work, and what it had in hand is never heard of again; another one begins. */
async function deploy(network: Network, dies: number, answered: number): Promise<void> {
  const death = network.dieAt(1 + Math.floor(dies * 8), answered < 0.5);
  await Promise.race([death, round(network, 1)]);
  network.begin();
  (globalThis as { latchkeyLanes?: Map<string, number> }).latchkeyLanes?.clear();
}

async function untilDueS(leastS: number): Promise<number> {
  const found = await database().execute<{ s: number | null }>(sql`
    select extract(epoch from min(greatest(least(next_refresh_at, next_proof_at), lease_until, sent_at + interval '2 minutes')) - app_now())::float8 as s
    from connections where status = 'active'`);
  return Math.ceil(Math.min(LONGEST_STEP_S, Math.max(leastS, found.rows[0]?.s ?? LONGEST_STEP_S)));
}

/** Live connections whose renewal has been due for hours, and nobody is at it. */
async function leftBehind(): Promise<number> {
  const found = await database().execute<{ many: number }>(sql`
    select count(*)::int as many from connections where status = 'active' and next_refresh_at < app_now() - interval '3 hours'`);
  return found.rows[0]?.many ?? 0;
}
