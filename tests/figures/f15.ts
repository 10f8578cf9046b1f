import { mutants } from "./f15/mutants";
import { livesS, type Plan, planOf } from "./f15/plan";
import { simulate } from "./f15/simulate";
import type { Figure, Outcome } from "./figure";

const GATE = { days: 7, connections: 70, stepS: 1_800 };
const NIGHT = { days: 90, connections: 1_000, stepS: 600 };

/** What became of the stores of one plan. */
export async function livedThrough(plan: Plan, mutant: string | null, say: (line: string) => void): Promise<Outcome> {
  const run = await simulate(plan, mutant, say);
  const { people, budgets, lateness, network } = run;
  const { wrongly, killedByUs, answerLost, removed } = people.demoted;
  for (const detail of people.details.slice(0, 20)) say(`  ${detail}`);
  const grantsLost = killedByUs + people.forgotten.size + run.leftBehind;
  const injected = Object.values(network.injected).reduce((sum, one) => sum + one, 0);
  const late = lateness.told();
  return {
    n: late.renewals,
    of: "renewals",
    failures: grantsLost + wrongly + budgets.violations,
    line:
      `${plan.days} days, ${plan.connections} connections, ${late.renewals} renewals in ${network.calls} calls, ${injected} of them failed: ` +
      `${grantsLost} grants lost that the platform would still have renewed, ${wrongly} false "needs reconnect", ${budgets.violations} budget violations; ` +
      `owners needed ${people.comebacks} times (${answerLost} answers lost on the way, ${removed} removed at the platform); ` +
      `renewed late by ${late.latenessS?.median} s (median) and ${late.latenessS?.p99} s (99 %) of steps of ${plan.stepS} s`,
    result: {
      days: plan.days,
      connections: plan.connections,
      stepS: plan.stepS,
      steps: run.steps,
      livesS,
      calls: network.calls,
      callsByPlatform: budgets.calls,
      injected: network.injected,
      grantsLost: { killedByUs, forgotten: people.forgotten.size, leftBehind: run.leftBehind },
      falseReconnects: wrongly,
      budgetViolations: budgets.violations,
      mostAtOnce: budgets.most,
      ...late,
      ownersNeeded: { answerLost, removed, cameBack: people.comebacks },
      setAside: people.setAside,
      removalFoundAfterS: people.foundAfterS.map(Math.round),
    },
  };
}

export const figure: Figure = {
  title: "Simulated days over five platforms with faults, outages and deploys: grants lost, false reconnects, budgets",
  mutants,
  night: ["external"],
  measure: async ({ seed, long, many, mutant, say }) => {
    const size = long ? NIGHT : GATE;
    return livedThrough(planOf(seed, size.days, many ?? size.connections, size.stepS), mutant, say);
  },
  notTested: [
    "real platforms and their clocks",
    "more than one worker process at a time (F3)",
    "answers that a process which dies had read and not yet stored, other than by its death in a call",
    "lateness below the length of a simulated step",
  ],
};
