import type { Flow } from "./f1/orders";
import { scene } from "./f1/scene";
import type { Figure } from "./figure";

/**
 * Each with the merchant, by place in the scene's list, at whose platform it is gone through. First the one in which what is lost can be
 * replaced by nothing that was held before: a few flows show what a mutant does.
 */
const FLOWS: readonly [name: string, flow: Flow, merchant: number][] = [
  ["renew, rotating", "renew", 3],
  ["connect, key shown once", "connect", 0],
  ["connect, rotating", "connect", 2],
  ["connect, pasted values", "connect", 7],
  ["renew, one call at a time", "renew", 6],
  ["revoke, asked of the platform", "revoke", 4],
];

export const figure: Figure = {
  title: "kill -9 at every named point of connecting, renewing and revoking: each once per flow, then recovered and gone through again",
  mutants: { off: "no journal is kept", unwritten: "the journal says that an answer is on the disk when it is not" },
  gate: ["embedded"],
  night: ["embedded", "external"],
  complete: true,
  measure: async ({ many, mutant, address, say }) => {
    const { merchants, begin, bury, recover, forgetSessions, count, end } = await scene(address, mutant, say);
    const flows = FLOWS.slice(0, many ?? FLOWS.length);
    const passed: Record<string, string[]> = {};
    let [crashes, stuck, missed] = [0, 0, 0];

    try {
      for (const [name, flow, merchant] of flows) {
        const who = merchants[merchant]?.actor.id ?? "";
        const whole = await begin();
        // Every flow begins with a store that is connected: to connect it once more is to reconnect it.
        await whole.child.flow("connect", merchant);
        const before = whole.lines().length;
        await forgetSessions();
        await whole.child.flow(flow, merchant);
        const points = new Set(
          whole
            .lines()
            .slice(before)
            .flatMap((line) => (line.who === who && line.point ? [line.point] : [])),
        );
        await whole.child.flow("connect", merchant);
        bury(whole.lines());
        await whole.child.kill();
        for (const point of points) {
          await forgetSessions();
          const doomed = await begin({ who, point });
          if (await doomed.child.flow(flow, merchant)) missed += 1;
          else crashes += 1;
          await doomed.child.kill();
          bury(doomed.lines());
          const next = await begin();
          await recover(next, `${name}, ${point}`);
          // Whatever was broken off, the merchant can connect, and the store works.
          const again = await next.child.flow("connect", merchant);
          if (again?.active !== 1) {
            stuck += 1;
            say(`  ${name}, ${point}: cannot be connected any more: ${again?.failed ?? "it does not work"}`);
          }
          bury(next.lines());
          await next.child.kill();
        }
        passed[name] = [...points];
        say(`  ${name}: ${points.size} points`);
      }
    } finally {
      await end();
    }
    const failures = count.lost + count.silent + count.served + count.failed + stuck + missed;
    return {
      n: crashes + missed,
      of: "points, once per flow",
      failures,
      line:
        `${crashes} kills at ${new Set(Object.values(passed).flat()).size} points in ${flows.length} flows, ${missed} not reached a second time: ` +
        `${count.lost} secrets lost, ${count.inWindow} cut off between last byte and journal, ${count.silent} broken in silence, ${stuck} stores stuck`,
      result: { crashes, missed, stuck, ...count, points: passed },
    };
  },
  notTested: [
    "points that only failures lead through (the fault cases have those by their ids)",
    "the webhook's points (W-03) and those of the recovery itself, which F1 hits at random",
  ],
};
