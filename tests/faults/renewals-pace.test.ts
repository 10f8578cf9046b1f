import { sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { database } from "@/db/client";
import { renew } from "@/lib/connections/renew";
import { renewing } from "@/lib/jobs/renewing";
import { moveClock } from "@/tests/auth/people";
import { useEnv } from "@/tests/auth/set-env";
import type { Call } from "@/tests/simulators/ledger";
import type { Simulator } from "@/tests/simulators/simulator";
import { useDatabase } from "@/tests/support/database";
import { BASE_URL } from "@/tests/support/platforms";
import { holderOf } from "./holder";
import { environmentOf, useOtherProcesses } from "./other-process";
import { putNorce, putSquare, putUltracart } from "./put-stores";
import { makeDue, spendings } from "./race";
import { faultWorld, until } from "./steps";

useEnv({ LATCHKEY_URL: BASE_URL });
const address = useDatabase();
const world = faultWorld();
const others = useOtherProcesses(address);

const round = () => renewing.round({ open: world.at.open, stopping: () => false });
/** How many have been renewed since they were put there; `first`: the generation that they came with. */
const renewed = async (ids: readonly string[], first = 1) =>
  (await database().execute(sql`select 1 from connections where id in ${ids} and generation > ${first} and lease_id is null`)).rows.length;

describe("R-07: too many, says the platform about one store", () => {
  const inSeconds = (seconds: number) => new Date(Date.now() + world.at.skew.ms + seconds * 1_000).toUTCString();

  it.each([
    ["in seconds", () => ({ "retry-after": "90" }), 90],
    ["as a date", () => ({ "retry-after": inSeconds(90) }), 90],
    ["without a word", () => ({}), 20],
  ])("R-07: %s: all of that platform wait in every process, others go on, and it counts for nothing", async (_how, headers, pauseS) => {
    const owner = await world.shop();
    const ids: string[] = [];
    for (let index = 0; index < 5; index += 1) ids.push((await world.standardStore(owner, `paced-${index}`)).id);
    const square = await putSquare(world.at, owner, "MLNEIGHBOUR");
    const oauth2 = await others.serve(world.at.simulators.oauth2);
    const holder = await holderOf(await others.begin("holder", [], environmentOf(world.at, { oauth2 })));
    await makeDue(ids);
    world.at.faults.push({ kind: "status", status: 429, headers: headers(), match: "/token", calls: 1 });
    await round();
    expect(world.at.faults).toEqual([]);
    // Those that were under way beside it.
    const sent = spendings(world).length;
    expect(sent).toBeLessThan(ids.length);
    await makeDue([...ids, square]);
    for (let elapsed = 0; elapsed < pauseS - 5; elapsed += 5) {
      await Promise.all([round(), holder.ask({ what: "round" })]);
      expect(await holder.ask({ what: "renew", id: ids[4] ?? "" })).toBe("failed");
      await world.pass(5);
    }
    expect(spendings(world)).toHaveLength(sent);
    expect(await renewed([square])).toBe(1);
    await world.pass(7);
    await makeDue(ids);
    await round();
    expect(await renewed(ids)).toBe(5);
    for (const id of ids) expect(await world.row(id)).toMatchObject({ status: "active", failures: 0, trouble: null });
    expect((await world.told({})).filter((kind) => kind !== "connection.renewed")).toEqual([]);
  });
});

/** The most calls that any stretch of time holds beyond what flows in it. */
function burst(calls: readonly Call[], perMinute: number): number {
  const times = calls.map(({ at }) => Date.parse(at) / 1_000);
  const over = times.flatMap((from, first) => times.slice(first).map((to, more) => more + 1 - (perMinute * (to - from + 1)) / 60));
  return Math.max(...over);
}

it("R-07: forty Norce stores, two processes, five restarts, callers beside: never more than three a minute and twenty", async () => {
  const owner = await world.shop();
  const ids: string[] = [];
  for (let index = 0; index < 40; index += 1) ids.push(await putNorce(world.at, owner, `norce-${index}`));
  await database().execute(sql`update connections set used_at = app_now(), next_refresh_at = app_now()`);
  const norce = await others.serve(world.at.simulators.norce);
  const begin = async () => holderOf(await others.begin("holder", [], environmentOf(world.at, { norce })));
  const holders = await Promise.all([begin(), begin()]);
  let restarts = 0;
  for (let step = 0; step < 60 && (await renewed(ids, 0)) < ids.length; step += 1) {
    const rounds = holders.map((holder) => holder.ask({ what: "round" }).catch(() => "died"));
    if (step === 0) await Promise.all(ids.slice(30, 38).map((id) => renew(owner, id, world.at.open)));
    if (step % 3 === 0 && restarts < 5) {
      const index = restarts % 2;
      holders[index]?.child.kill("SIGKILL");
      holders[index] = await begin();
      restarts += 1;
    }
    await Promise.all(rounds);
    // The platform's clock first, so that it is never behind ours.
    world.at.skew.ms += 40_000;
    await moveClock("40 seconds");
  }
  expect(restarts).toBe(5);
  expect(await renewed(ids, 0)).toBe(40);
  const calls = world.calls("norce", /^token$/);
  expect(calls.map(({ status }) => status)).not.toContain(429);
  expect(calls.length).toBeGreaterThanOrEqual(40);
  expect(burst(calls, 3)).toBeLessThanOrEqual(20);
});

it("R-07: UltraCart sees one call at a time, from three processes, also when one is killed in the middle of a call", async () => {
  const owner = await world.shop();
  const ids: string[] = [];
  for (let index = 0; index < 24; index += 1) ids.push(await putUltracart(world.at, owner, `shop-${index}`));
  await makeDue(ids);
  const { ultracart } = world.at.simulators;
  let [busy, most] = [0, 0];
  const counting: Simulator = {
    ...ultracart,
    handle: async (request) => {
      busy += 1;
      most = Math.max(most, busy);
      await new Promise((resolve) => setTimeout(resolve, 10));
      return ultracart.handle(request).finally(() => {
        busy -= 1;
      });
    },
  };
  const at = await others.serve(counting);
  const begin = async () => holderOf(await others.begin("holder", [], environmentOf(world.at, { ultracart: at })));
  const [one, two, doomed] = await Promise.all([begin(), begin(), begin()]);
  const killed = doomed.ask({ what: "round" }).catch(() => "died");
  await until(() => busy > 0);
  doomed.child.kill("SIGKILL");
  expect(await killed).toBe("died");
  await until(() => busy === 0);
  // Its turn ends by itself, and what it sent is in doubt for two minutes.
  await world.pass(26);
  for (let rounds = 0; rounds < 60 && (await renewed(ids)) < ids.length - 1; rounds += 1) {
    await Promise.all([one, two].map((holder) => holder.ask({ what: "round" })));
    await world.pass(2);
  }
  await world.pass(120);
  await one.ask({ what: "round" });
  expect(most).toBe(1);
  expect(world.calls("ultracart", /^token$/).map(({ status }) => status)).not.toContain(429);
  const rows = await Promise.all(ids.map((id) => world.row(id)));
  expect(rows.filter(({ status }) => status === "active")).toHaveLength(23);
  expect(rows.filter(({ status }) => status === "reconnect")).toMatchObject([{ troubleCode: "outcome_lost" }]);
});
