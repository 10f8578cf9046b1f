import type { Instance } from "@/tests/figures/instances/start";

const EVERY_MS = 20;
const LONGEST_MS = 20_000;

/** By the client's clock. */
export type Answer = { askedAt: number; answeredAt: number; status: number };

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)));

/** Asks every instance for one connection's access, from `lanes` places each, every 20 ms as long as `going`. */
export async function poll(instances: readonly Instance[], lanes: number, path: string, token: string, going: () => boolean) {
  const answers: Answer[] = [];
  const until = performance.now() + LONGEST_MS;
  const lane = async (instance: Instance) => {
    while (going() && performance.now() < until) {
      const askedAt = performance.now();
      const { status } = await instance.ask(path, { headers: { authorization: `Bearer ${token}` } });
      const answeredAt = performance.now();
      answers.push({ askedAt, answeredAt, status });
      await pause(EVERY_MS - (answeredAt - askedAt));
    }
  };
  await Promise.all(instances.flatMap((instance) => Array.from({ length: lanes }, () => lane(instance))));
  return answers;
}
