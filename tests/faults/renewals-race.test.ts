import { beforeEach, describe, expect, it } from "vitest";
import { database } from "@/db/client";
import { findCandidates } from "@/db/connections";
import { worker } from "@/lib/auth/actor";
import { renewOnce } from "@/lib/connections/renew-once";
import { renewing } from "@/lib/jobs/renewing";
import { useEnv } from "@/tests/auth/set-env";
import type { Simulator } from "@/tests/simulators/simulator";
import { useDatabase } from "@/tests/support/database";
import { BASE_URL } from "@/tests/support/platforms";
import { type Holder, holderOf } from "./holder";
import { environmentOf, useOtherProcesses } from "./other-process";
import { type Caller, expectNewest, judgeRace, makeDue, spendings } from "./race";
import { faultWorld, until } from "./steps";

useEnv({ LATCHKEY_URL: BASE_URL });
const address = useDatabase();
const world = faultWorld();
const others = useOtherProcesses(address);

/** What answers on the port just now. */
const door: { platform: Simulator | null } = { platform: null };
let port: string;
const begin = async (): Promise<Holder> => holderOf(await others.begin("holder", [], environmentOf(world.at, { oauth2: port })));

beforeEach(async () => {
  const { oauth2 } = world.at.simulators;
  door.platform = null;
  port = await others.serve({ ...oauth2, handle: (request) => (door.platform ?? oauth2).handle(request) });
});

const candidates = (id: string) => findCandidates(database(), id);
const openAt = (platform: Simulator) =>
  world.through(() => (url, init) => platform.handle(new Request(url, { redirect: "manual", ...init })));
const round = () => renewing.round({ open: world.at.open, stopping: () => false });

/** A platform that is slow to answer, now less and now more. */
const slow = (most: number): Simulator => ({
  ...world.at.simulators.oauth2,
  handle: async (request) => {
    const answer = await world.at.simulators.oauth2.handle(request);
    await new Promise((resolve) => setTimeout(resolve, 5 + Math.random() * most));
    return answer;
  },
});

/** A platform whose answers to renewals are kept back until they are let go. */
function keepingBack() {
  const waiting: (() => void)[] = [];
  const { oauth2 } = world.at.simulators;
  const platform: Simulator = {
    ...oauth2,
    handle: async (request) => {
      const answer = await oauth2.handle(request);
      if (request.url.endsWith("/token")) await new Promise<void>((resolve) => waiting.push(resolve));
      return answer;
    },
  };
  const letGo = () => {
    for (const go of waiting.splice(0)) go();
  };
  return { platform, arrived: () => until(() => waiting.length > 0), letGo };
}

it("R-01: three processes and a hundred callers at each of five expiries: five spendings, and the family lives", async () => {
  const { id } = await world.standardStore(await world.shop(), "raced");
  const [one, two] = await Promise.all([begin(), begin()]);
  const own: Caller = async (platform) => (await renewOnce(worker, id, ["active"], openAt(platform))).kind;
  const their =
    (holder: Holder): Caller =>
    () =>
      holder.ask({ what: "renew", id });
  const callers = Array.from({ length: 100 }, (_, index) => [own, their(one), their(two)][index % 3] ?? own);
  for (let expiry = 0; expiry < 5; expiry += 1) {
    await judgeRace(world, id, callers, (platform) => {
      door.platform = platform;
    });
    await world.pass(3_600);
  }
});

it("R-01/R-05: three workers on twelve due rows, and one of them is stopped past its lease: each row is spent once an expiry", async () => {
  const owner = await world.shop();
  const ids: string[] = [];
  for (let index = 0; index < 12; index += 1) ids.push((await world.standardStore(owner, `swept-${index}`)).id);
  const [one, two] = await Promise.all([begin(), begin()]);
  door.platform = slow(60);
  const EXPIRIES = 3;
  for (let expiry = 1; expiry <= EXPIRIES; expiry += 1) {
    await makeDue(ids);
    const rounds = [one.ask({ what: "round" }), two.ask({ what: "round" }), round()];
    if (expiry === EXPIRIES) {
      await until(() => spendings(world).length >= ids.length * (EXPIRIES - 1) + 2);
      one.child.kill("SIGSTOP");
      await world.pass(40);
      await Promise.all(rounds.slice(1));
      await Promise.all([two.ask({ what: "round" }), round()]);
      one.child.kill("SIGCONT");
    }
    await Promise.all(rounds);
    expect(spendings(world)).toEqual(Array(ids.length * expiry).fill(200));
  }
  for (const id of ids) {
    const row = await world.row(id);
    expect(row).toMatchObject({ status: "active", trouble: null, leaseId: null, sentAt: null, generation: 1 + EXPIRIES });
    expectNewest(world, row);
    expect(await candidates(id)).toEqual([]);
  }
});

describe("R-05: a holder is stopped while the platform answers", () => {
  it("R-05: past its lease and under two minutes: nobody spends meanwhile, and what it won is settled as if nothing had been", async () => {
    const { id } = await world.standardStore(await world.shop(), "stopped");
    const holder = await begin();
    const kept = keepingBack();
    door.platform = kept.platform;
    const held = holder.ask({ what: "renew", id });
    await kept.arrived();
    holder.child.kill("SIGSTOP");
    kept.letGo();
    await world.pass(100);
    await makeDue([id]);
    await round();
    expect((await renewOnce(worker, id, ["active"], world.at.open)).kind).toBe("busy");
    expect(await world.row(id)).toMatchObject({ trouble: "doubt", troubleCode: "outcome_unknown" });
    holder.child.kill("SIGCONT");
    expect(await held).toBe("renewed");
    expect(spendings(world)).toEqual([200]);
    expect(await world.row(id)).toMatchObject({ status: "active", trouble: null, sentAt: null, generation: 2 });
    expectNewest(world, await world.row(id));
    expect(await candidates(id)).toEqual([]);
  });

  it("R-05: longer than two minutes: the one try is refused, and what it won brings the store back before anybody does anything", async () => {
    world.at.simulators.oauth2.switches.reuseEndsFamily = false;
    const { id } = await world.standardStore(await world.shop(), "late");
    const holder = await begin();
    const kept = keepingBack();
    door.platform = kept.platform;
    const held = holder.ask({ what: "renew", id });
    await kept.arrived();
    holder.child.kill("SIGSTOP");
    kept.letGo();
    await world.pass(121);
    await makeDue([id]);
    await round();
    expect(spendings(world)).toEqual([200, 400]);
    expect(await world.row(id)).toMatchObject({ status: "reconnect", troubleCode: "outcome_lost" });
    holder.child.kill("SIGCONT");
    expect(await held).toBe("renewed");
    expect(await world.row(id)).toMatchObject({ status: "active", trouble: null });
    expectNewest(world, await world.row(id));
    expect(await candidates(id)).toEqual([]);
    expect(await world.told({ connection: id })).toEqual([
      "connection.renewal_in_doubt",
      "connection.needs_reconnect",
      "grant.kept",
      "grant.promoted",
    ]);
    await round();
    expect(spendings(world)).toEqual([200, 400, 200]);
  });
});

it("R-18: a process that does nothing for longer than its lease: nobody renews beside it, and its answer is heard", async () => {
  const { id } = await world.standardStore(await world.shop(), "blocked");
  const holder = await begin();
  const kept = keepingBack();
  door.platform = kept.platform;
  const held = holder.ask({ what: "renew", id });
  await kept.arrived();
  const blocked = holder.ask({ what: "block", ms: 1_500 });
  await new Promise((resolve) => setTimeout(resolve, 100));
  kept.letGo();
  await world.pass(60);
  await makeDue([id]);
  await round();
  expect(await blocked).toBe("timed-out");
  expect(await held).toBe("renewed");
  expect(spendings(world)).toEqual([200]);
  expectNewest(world, await world.row(id));
});
