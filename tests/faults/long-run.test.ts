import { expect, it } from "vitest";
import { useEnv } from "@/tests/auth/set-env";
import { livedThrough } from "@/tests/figures/f15";
import { planOf } from "@/tests/figures/f15/plan";
import { useDatabase } from "@/tests/support/database";
import { BASE_URL } from "@/tests/support/platforms";

useEnv({ LATCHKEY_URL: BASE_URL });
useDatabase();

// Weeks and months of it, with many more, are `npm run figures -- F15`.
const [DAYS, STORES] = [2, 15];

it(`F15: ${DAYS} simulated days with ${STORES} stores, faults, two outages and a deploy a day: no grant lost, nobody bothered for nothing`, {
  timeout: 300_000,
}, async () => {
  const said: string[] = [];
  const outcome = await livedThrough(planOf(1, DAYS, STORES, 1_800), null, (line) => void said.push(line));
  expect(outcome.failures, [...said, outcome.line].join("\n")).toBe(0);
  // The run was what it says: renewals, failing calls, owners who were rightly called.
  expect(outcome.n).toBeGreaterThan(STORES * 2);
  expect(outcome.result).toMatchObject({ falseReconnects: 0, budgetViolations: 0 });
  process.stdout.write(`F15: ${outcome.line}\n`);
});
