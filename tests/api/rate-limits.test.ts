import { expect, it } from "vitest";
import { takeOfSecond } from "@/db/api-budgets";
import { database } from "@/db/client";
import { type Budget, takeBudget } from "@/lib/keys/take-budget";
import { useEnv } from "@/tests/auth/set-env";
import { useDatabase } from "@/tests/support/database";
import { BASE_URL } from "@/tests/support/platforms";
import { aCaller } from "./callers";

useEnv({ LATCHKEY_URL: BASE_URL });
useDatabase();

/** The database's side, in a second that lasts for as long as the test. */
function stillSecond(already = 0) {
  let taken = already;
  const asked: number[] = [];
  const take: typeof takeOfSecond = async (_db, _key, n) => {
    asked.push(n);
    taken += n;
    return { taken, leftMs: 600_000 };
  };
  return { take, asked };
}

const several = async (n: number, keyId: string, perSecond: number, take: typeof takeOfSecond) =>
  Promise.all(Array.from({ length: n }, () => takeBudget(keyId, perSecond, take)));
const got = (all: Budget[]) => all.filter(({ refused }) => !refused).length;

it("asks the database for nothing while a process uses a twentieth of what the key has, and then by tenths", async () => {
  const { take, asked } = stillSecond();
  const first = Array.from({ length: 25 }, () => takeBudget("key_slices", 500, take));
  expect(first.every((one) => !(one instanceof Promise))).toBe(true);
  expect(first[24]).toEqual({ limit: 500, left: 475, refused: false });
  const next = takeBudget("key_slices", 500, take);
  expect(next).toBeInstanceOf(Promise);
  expect(await next).toEqual({ limit: 500, left: 474, refused: false });
  expect(asked).toEqual([75]);
  const rest = await several(600, "key_slices", 500, take);
  expect([got(rest), rest.at(-1)]).toEqual([474, { limit: 500, left: 0, refused: true }]);
  const known = asked.length;
  expect(takeBudget("key_slices", 500, take)).toMatchObject({ refused: true });
  expect(asked.length).toBe(known);
  expect(known).toBeLessThanOrEqual(11);
});

it("what other processes took is gone", async () => {
  const { take } = stillSecond(480);
  expect(got(await several(100, "key_shared", 500, take))).toBe(25);
  const other = stillSecond(450);
  expect(got(await several(100, "key_shared_2", 500, other.take))).toBe(50);
  const small = stillSecond(7);
  expect(got(await several(20, "key_small", 10, small.take))).toBe(3);
});

it("many who wait at once are served by few questions", async () => {
  const { take, asked } = stillSecond();
  expect(got(await several(12, "key_crowd", 15, take))).toBe(12);
  expect(asked.length).toBeLessThanOrEqual(3);
});

it("a database that does not answer refuses nobody for good", async () => {
  await expect(takeBudget("key_away", 5, () => Promise.reject(new Error("away")))).rejects.toThrow("away");
  const { take, asked } = stillSecond();
  expect(await takeBudget("key_away", 5, take)).toMatchObject({ refused: false });
  // Who went away with the failure is not asked for.
  expect(asked).toEqual([1]);
});

it("the database counts by its own seconds", async () => {
  const [first, second] = [await takeOfSecond(database(), "key_db", 3), await takeOfSecond(database(), "key_db", 4)];
  for (const { leftMs } of [first, second]) expect(leftMs).toBeGreaterThan(0);
  for (const { leftMs } of [first, second]) expect(leftMs).toBeLessThanOrEqual(1_000);
  expect([first.taken, second.taken]).toEqual([3, second.leftMs < first.leftMs ? 7 : 4]);
});

it("429 with Retry-After, and RateLimit headers on every answer of a keyed route", async () => {
  const { ask } = await aCaller({ requestsPerSecond: 2 });
  const answers = await Promise.all(Array.from({ length: 8 }, () => ask("/connections/con_nowhere")));
  const refused = answers.filter(({ status }) => status === 429);
  expect(answers.filter(({ status }) => status === 404).length).toBeGreaterThanOrEqual(2);
  expect(refused.length).toBeGreaterThan(0);
  for (const answer of answers) {
    expect(answer.headers.get("ratelimit-policy")).toBe('"key";q=2;w=1');
    expect(answer.headers.get("ratelimit")).toMatch(/^"key";r=[012];t=1$/);
  }
  for (const answer of refused) {
    expect([answer.headers.get("retry-after"), answer.headers.get("ratelimit")]).toEqual(["1", '"key";r=0;t=1']);
    expect(await answer.json()).toMatchObject({ code: "rate_limited", status: 429 });
  }
  const { ask: other } = await aCaller();
  expect((await other("/connections/con_nowhere")).headers.get("ratelimit-policy")).toBe('"key";q=500;w=1');
});
