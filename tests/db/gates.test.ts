import { setTimeout as pause } from "node:timers/promises";
import { sql } from "drizzle-orm";
import { beforeEach, describe, expect, it } from "vitest";
import { database } from "@/db/client";
import { clockAndPauses, ensureGate, freeGate, type GateRule, gateWaitS, keepGate, pauseGate, takeGate, wantGate } from "@/db/gates";
import { turn } from "@/lib/connections/turn";
import { ProviderError } from "@/lib/providers/provider-error";
import { useEnv } from "@/tests/auth/set-env";
import { plainClient } from "@/tests/support/administer";
import { useDatabase } from "@/tests/support/database";
import { BASE_URL } from "@/tests/support/platforms";

useEnv({ LATCHKEY_URL: BASE_URL });
const address = useDatabase();

const rule = (more: Partial<GateRule> = {}): GateRule => ({ name: "gate", perSecond: 0.05, capacity: 20, owner: null, busyS: 25, ...more });
const ahead = (seconds: number) => database().execute(sql`update clock set ahead = ahead + make_interval(secs => ${seconds})`);
const take = async (more: Partial<GateRule> = {}) => takeGate(database(), rule(more));

/** Those seconds, less the few that a busy machine has let pass meanwhile. */
function expectAbout(waitS: unknown, seconds: number) {
  expect(waitS).toBeLessThanOrEqual(seconds);
  expect(waitS).toBeGreaterThan(seconds - 5);
}

/** How many of `times` tries at once were let through. */
async function takers(times: number, more: Partial<GateRule> = {}): Promise<number> {
  const taken = await Promise.all(Array.from({ length: times }, () => take(more)));
  return taken.filter(Boolean).length;
}

beforeEach(async () => {
  await database().execute(sql`update clock set ahead = '0'`);
  await database().execute(sql`delete from gates`);
  await ensureGate(database(), "gate", 20);
});

describe("a budget", () => {
  it("never lets more through than it holds, with 50 at once", async () => {
    expect(await takers(50)).toBe(20);
    expect(await takers(50)).toBe(0);
  });

  it("fills by the database's clock, no further than its capacity", async () => {
    await takers(50);
    await ahead(15);
    expect(await takers(5)).toBe(0);
    await ahead(6);
    expect(await takers(5)).toBe(1);
    await ahead(60);
    expect(await takers(50)).toBe(3);
    await ahead(86_400);
    expect(await takers(50)).toBe(20);
  });

  it("spends nothing on a try that fails", async () => {
    await takers(20);
    for (let round = 0; round < 5; round += 1) expect(await take()).toBe(false);
    await ahead(21);
    expect(await takers(5)).toBe(1);
  });

  it("stays under its line in every window: 3 a minute and 20 at once", async () => {
    const taken: number[] = [];
    for (let second = 0; second < 180; second += 5) {
      const through = await takers(4);
      for (let one = 0; one < through; one += 1) taken.push(second);
      await ahead(5);
    }
    for (const from of taken) expect(taken.filter((at) => at >= from && at < from + 60).length).toBeLessThanOrEqual(20 + 3);
    expect(taken.length).toBeGreaterThanOrEqual(20 + 8);
  });

  it("counts no moment twice when a statement waited for the row", async () => {
    const holder = await plainClient(address());
    try {
      await holder.query("begin");
      await holder.query("select 1 from gates where name = 'gate' for update");
      // Its time is that of its start; before it goes on, another has counted what came since.
      const waiting = take({ perSecond: 10 });
      await pause(600);
      await holder.query("update gates set tokens = 5, refilled_at = app_now()");
      await holder.query("commit");
      expect(await waiting).toBe(true);
    } finally {
      await holder.end();
    }
    const left = await database().execute(sql`select tokens, app_now() - refilled_at < interval '500 ms' as counted from gates`);
    expect(left.rows).toEqual([{ tokens: 4, counted: true }]);
  });

  it("goes on where the clock was moved back", async () => {
    await ahead(86_400);
    await takers(20);
    await ahead(-86_400);
    expect(await takers(1, { capacity: 20 })).toBe(0);
    await database().execute(sql`update gates set tokens = 1`);
    expect(await takers(5)).toBe(1);
    await ahead(21);
    expect(await takers(5)).toBe(1);
  });

  it("obeys a capacity that was made smaller", async () => expect(await takers(50, { capacity: 5 })).toBe(5));

  it("is nobody's where it does not exist", async () => expect(await take({ name: "unknown" })).toBe(false));

  it("says when a turn may be free", async () => {
    await takers(20);
    expectAbout(await gateWaitS(database(), rule()), 20);
    await ahead(15);
    expectAbout(await gateWaitS(database(), rule()), 5);
    await ahead(60);
    expect(await gateWaitS(database(), rule())).toBe(1);
  });
});

describe("one at a time", () => {
  const fast = { perSecond: 100, capacity: 100 };

  it("has one owner, with 50 at once", async () => {
    await ensureGate(database(), "serial", 100);
    const taken = await Promise.all(Array.from({ length: 50 }, (_, at) => take({ ...fast, name: "serial", owner: `turn_${at}` })));
    expect(taken.filter(Boolean)).toHaveLength(1);
  });

  it("opens when its owner gives it back, and for nobody else", async () => {
    expect(await take({ ...fast, owner: "one" })).toBe(true);
    await freeGate(database(), "gate", "two");
    expect(await take({ ...fast, owner: "two" })).toBe(false);
    await freeGate(database(), "gate", "one");
    expect(await take({ ...fast, owner: "two" })).toBe(true);
    await freeGate(database(), "gate", "one");
    expect(await take({ ...fast, owner: "three" })).toBe(false);
  });

  it("opens by itself 25 s after its owner died, not before", async () => {
    expect(await take({ ...fast, owner: "dead" })).toBe(true);
    await ahead(20);
    expect(await take({ ...fast, owner: "next" })).toBe(false);
    await ahead(5.5);
    expect(await take({ ...fast, owner: "next" })).toBe(true);
    // The dead one's late goodbye takes nothing away.
    await freeGate(database(), "gate", "dead");
    expect(await take({ ...fast, owner: "third" })).toBe(false);
  });
});

describe("a pause", () => {
  it("holds for everybody until its end, and the longer one wins", async () => {
    await pauseGate(database(), "gate", 60, "rate_limited");
    await pauseGate(database(), "gate", 10, "rate_limited");
    expect(await takers(50)).toBe(0);
    expectAbout(await gateWaitS(database(), rule()), 60);
    await ahead(55);
    expect(await takers(5)).toBe(0);
    await ahead(6);
    expect(await takers(50)).toBe(20);
  });
});

describe("a turn", () => {
  it("is taken, then given back even by work that fails", async () => {
    const pace = { serial: true as const, calls: 1_000, perS: 3_600, burst: 0 };
    await expect(turn("of-one", pace, () => Promise.reject(new Error("at work")))).rejects.toThrow("at work");
    let now = 0;
    let most = 0;
    const work = async () => {
      most = Math.max(most, ++now);
      await pause(5);
      now -= 1;
    };
    await Promise.all(Array.from({ length: 20 }, () => turn("of-one", pace, work, { background: false, waitMs: 15_000 })));
    expect(most).toBe(1);
  });

  it("is refused with the seconds to wait, and nothing is done", async () => {
    let done = 0;
    const pace = { calls: 3, perS: 60, burst: 2 };
    const work = async () => {
      done += 1;
    };
    await turn("of-two", pace, work, { background: false, waitMs: 0 });
    await turn("of-two", pace, work, { background: false, waitMs: 0 });
    const refusal = await turn("of-two", pace, work, { background: false, waitMs: 0 }).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(ProviderError);
    expect(refusal).toMatchObject({ trouble: "transient", code: "paced" });
    expectAbout((refusal as ProviderError).detail?.retryAfterS, 20);
    expect(done).toBe(2);
  });

  it.each([
    { calls: 1, perS: 10, burst: 0 },
    { calls: 5, perS: 60, burst: 0 },
    { calls: 1_000, perS: 3_600, burst: 0 },
  ])("of a pace without a burst stays under it in any window: $calls in $perS s", async (pace) => {
    const name = `pace-${pace.calls}`;
    let begun = 0;
    const work = async () => {
      begun += 1;
    };
    for (let step = 0; step < 3; step += 1) {
      const tries = Array.from({ length: Math.min(40, pace.calls + 2) }, () =>
        turn(name, pace, work, { background: false, waitMs: 0 }).catch(() => undefined),
      );
      await Promise.all(tries);
      if (step === 0) expect(begun).toBeGreaterThan(0);
      await ahead(pace.perS / 3);
    }
    expect(begun).toBeLessThanOrEqual(pace.calls);
    await ahead(pace.perS);
    const before = begun;
    await turn(name, pace, work, { background: false, waitMs: 0 });
    expect(begun).toBe(before + 1);
  });
});

describe("who yields", () => {
  const serial = { perSecond: 100, capacity: 100, name: "serial", busyS: 25 };
  const passed = { ...serial, yields: true };
  beforeEach(() => ensureGate(database(), "serial", 100));

  it("comes after whoever waited, and only for so long as they may be coming", async () => {
    expect(await take({ ...passed, owner: "call" })).toBe(true);
    expect(await take({ ...serial, owner: "renewal" })).toBe(false);
    await wantGate(database(), "serial");
    await freeGate(database(), "serial", "call");
    expect(await take({ ...passed, owner: "next" })).toBe(false);
    expect(await take({ ...serial, owner: "renewal" })).toBe(true);
    await freeGate(database(), "serial", "renewal");
    expect(await take({ ...passed, owner: "next" })).toBe(true);
    await wantGate(database(), "serial");
    await freeGate(database(), "serial", "next");
    await ahead(11);
    expect(await take({ ...passed, owner: "later" })).toBe(true);
  });

  it("is held up by nobody who wants a gate that is free", async () => {
    await wantGate(database(), "serial");
    expect(await take({ ...passed, owner: "call" })).toBe(true);
  });

  it("keeps the gate for as long as it says so, and hears when it is somebody else's", async () => {
    expect(await take({ ...passed, owner: "call" })).toBe(true);
    for (let beat = 0; beat < 3; beat += 1) {
      await ahead(20);
      expect(await keepGate(database(), "serial", "call", 25)).toBe(true);
    }
    expect(await take({ ...serial, owner: "renewal" })).toBe(false);
    await ahead(26);
    expect(await take({ ...serial, owner: "renewal" })).toBe(true);
    expect(await keepGate(database(), "serial", "call", 25)).toBe(false);
  });

  it("heeds the longest of several pauses", async () => {
    await pauseGate(database(), "gate", 40, "rate_limited");
    await pauseGate(database(), "calls:con_1", 90, "asked_to_wait");
    expectAbout((await clockAndPauses(database(), ["gate", "calls:con_1"])).pausedS, 90);
    expectAbout((await clockAndPauses(database(), ["gate", "calls:con_2"])).pausedS, 40);
    expect(await clockAndPauses(database(), ["calls:con_2"])).toMatchObject({ pausedS: 0, strikes: 0 });
  });
});
