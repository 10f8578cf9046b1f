import { expect, it } from "vitest";
import { useEnv } from "@/tests/auth/set-env";
import { figure, GATE } from "@/tests/figures/f15";
import { useDatabase } from "@/tests/support/database";
import { BASE_URL } from "@/tests/support/platforms";

useEnv({ LATCHKEY_URL: BASE_URL });
const address = useDatabase();

it(`F15: ${GATE.days} simulated days with ${GATE.connections} stores, faults, two outages and a deploy a day: no grant lost, nobody bothered for nothing`, {
  timeout: 300_000,
}, async () => {
  const said: string[] = [];
  const say = (line: string) => void said.push(line);
  const outcome = await figure.measure({ seed: 1, long: false, many: null, mutant: null, address: address(), say });
  expect(outcome.failures, [...said, outcome.line].join("\n")).toBe(0);
  // The run was what it says: renewals, failing calls, owners who were rightly called.
  expect(outcome.n).toBeGreaterThan(GATE.connections * 3);
  expect(outcome.result).toMatchObject({ falseReconnects: 0, budgetViolations: 0 });
  process.stdout.write(`F15: ${outcome.line}\n`);
});
