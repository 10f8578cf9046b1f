import { expect, it } from "vitest";
import { useDatabase } from "@/tests/support/database";
import { holderOf } from "./holder";
import { useOtherProcesses } from "./other-process";

const address = useDatabase();
const processes = useOtherProcesses(address);

it("two processes together let no more through than a key has, and a tenth more each at the most", async () => {
  const two = await Promise.all([0, 1].map(async () => holderOf(await processes.begin("holder", [], {}))));
  const spend = async (keyId: string, perSecond: number) => {
    const told = await Promise.all(two.map((one) => one.ask({ what: "spend", keyId, perSecond, ms: 2_000 })));
    const both = told.map((line) => line.split(" ").map(Number));
    return { got: both.reduce((sum, [n = 0]) => sum + n, 0), seconds: Math.max(...both.map(([, s = 0]) => s)) };
  };
  const many = await spend("key_many", 200);
  expect(many.got).toBeLessThanOrEqual(many.seconds * 240);
  // The first and the last second are cut short.
  expect(many.got).toBeGreaterThanOrEqual((many.seconds - 2) * 160);
  const few = await spend("key_few", 5);
  expect(few.got).toBeLessThanOrEqual(few.seconds * 5);
  expect(few.got).toBeGreaterThanOrEqual((few.seconds - 2) * 5);
});
