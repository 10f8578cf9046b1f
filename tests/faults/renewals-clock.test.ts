import { sql } from "drizzle-orm";
import { afterEach, describe, expect, it, vi } from "vitest";
import { database } from "@/db/client";
import { gatePause } from "@/db/gates";
import { readClock } from "@/db/read-clock";
import { worker } from "@/lib/auth/actor";
import { renewOnce } from "@/lib/connections/renew-once";
import { restate } from "@/lib/connections/restate";
import { show } from "@/lib/connections/show";
import { renewing } from "@/lib/jobs/renewing";
import { useEnv } from "@/tests/auth/set-env";
import { useDatabase } from "@/tests/support/database";
import { BASE_URL } from "@/tests/support/platforms";
import { putSquare } from "./put-stores";
import { expectNewest, spendings } from "./race";
import { faultWorld } from "./steps";

useEnv({ LATCHKEY_URL: BASE_URL });
useDatabase();
const world = faultWorld();
afterEach(() => {
  vi.useRealTimers();
});

const MINUTE = 60_000;
const DAY_S = 86_400;
const round = () => renewing.round({ open: world.at.open, stopping: () => false });
const stateOf = async (id: string) => {
  await restate();
  return (await world.row(id)).state;
};

describe.each([
  ["an hour ahead", 60 * MINUTE],
  ["an hour behind", -60 * MINUTE],
])("R-14: a process whose clock is %s", (_how, offset) => {
  /** This process is wrong from here on; database and platforms are right. */
  function wrongClock(): void {
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + offset });
    world.at.skew.ms -= offset;
  }
  const at = (minutes: number) => sql`app_now() + make_interval(mins => ${minutes})`;

  it("R-14: renews what is due by the database's clock and nothing else, and tells true ends and states", async () => {
    const owner = await world.shop();
    const [later, due, over] = [
      (await world.standardStore(owner, "later")).id,
      (await world.standardStore(owner, "due")).id,
      (await world.standardStore(owner, "over")).id,
    ];
    await database().execute(sql`update connections set
      issued_at = app_now() - interval '20 minutes', expires_at = ${at(40)}, next_refresh_at = ${at(10)} where id = ${later}`);
    await database().execute(sql`update connections set next_refresh_at = ${at(-1)} where id = ${due}`);
    await database().execute(sql`update connections set expires_at = ${at(-5)} where id = ${over}`);
    wrongClock();
    for (const _time of [1, 2, 3]) await round();
    expect(spendings(world)).toEqual([200]);
    const [row, now] = [await world.row(due), (await readClock(database())).getTime()];
    expectNewest(world, row);
    expect((row.expiresAt?.getTime() ?? 0) - now).toBeGreaterThan(59 * MINUTE);
    expect((row.expiresAt?.getTime() ?? 0) - now).toBeLessThanOrEqual(60 * MINUTE);
    expect((row.nextRefreshAt?.getTime() ?? 0) - now).toBeGreaterThan(26 * MINUTE);
    expect((row.nextRefreshAt?.getTime() ?? 0) - now).toBeLessThanOrEqual(30 * MINUTE);
    expect([await stateOf(later), await stateOf(due), await stateOf(over)]).toEqual(["healthy", "healthy", "expired_renewable"]);
    expect((await show(owner, later)).connection.state).toBe("healthy");
    expect((await show(owner, over)).connection.state).toBe("expired_renewable");
  });

  it("R-14: waits as long as a platform's date says, and takes a lease over when it has ended", async () => {
    const { id } = await world.standardStore(await world.shop(), "dated");
    wrongClock();
    const until = new Date(Date.now() + world.at.skew.ms + 120_000).toUTCString();
    world.at.faults.push({ kind: "status", status: 429, headers: { "retry-after": until }, match: "/token", calls: 1 });
    expect((await renewOnce(worker, id, ["active"], world.at.open)).kind).toBe("failed");
    const { pausedS } = await gatePause(database(), "offer:oauth2");
    expect(pausedS).toBeGreaterThan(110);
    expect(pausedS).toBeLessThanOrEqual(121);
    await world.pass(122);
    const held = world.heldBack("/token");
    const first = renewOnce(worker, id, ["active"], held.open);
    await held.arrived();
    for (const more of [0, 31, 80]) {
      await world.pass(more);
      expect(await renewOnce(worker, id, ["active"], world.at.open)).toEqual({ kind: "busy" });
    }
    await held.letGo(first);
    expect(await first).toEqual({ kind: "renewed" });
    expect(spendings(world)).toEqual([200]);
  });
});

describe("R-20: nobody renewed for a long time", () => {
  async function stores() {
    const owner = await world.shop();
    const ids = {
      code: await putSquare(world.at, owner, "MLCODE", "code flow"),
      pkce: await putSquare(world.at, owner, "MLPKCE", "pkce"),
      legacy: await putSquare(world.at, owner, "MLLEGACY", "legacy"),
    };
    world.at.simulators.square.switches.renewWorks = true;
    await database().execute(sql`update connections set next_refresh_at = app_now() + interval '7 days', next_proof_at = null`);
    const states = async () => ({ code: await stateOf(ids.code), pkce: await stateOf(ids.pkce), legacy: await stateOf(ids.legacy) });
    return { owner, ids, states };
  }

  it("R-20: 31 days: access is over, and everything renews without its owner", async () => {
    const { ids, states } = await stores();
    await world.pass(8 * DAY_S + 60);
    expect(await states()).toEqual({ code: "renewal_late", pkce: "renewal_late", legacy: "renewal_late" });
    await world.pass(23 * DAY_S);
    expect(await states()).toEqual({ code: "expired_renewable", pkce: "expired_renewable", legacy: "expired_renewable" });
    await round();
    expect(await states()).toEqual({ code: "healthy", pkce: "healthy", legacy: "healthy" });
    for (const id of Object.values(ids)) expect(await world.row(id)).toMatchObject({ status: "active", trouble: null });
  });

  it("R-20: 46 days: what has a refresh token renews; the old grant ended fifteen days after its access, which was known before", async () => {
    const { ids, states } = await stores();
    await states();
    const end = (await world.row(ids.legacy)).expiresAt?.getTime() ?? 0;
    expect((await world.row(ids.legacy)).noReturnAt?.getTime()).toBe(end + 15 * DAY_S * 1_000);
    expect((await world.row(ids.code)).noReturnAt).toBeNull();
    await world.pass(46 * DAY_S);
    expect(await states()).toEqual({ code: "expired_renewable", pkce: "expired_renewable", legacy: "needs_reconnect" });
    await round();
    expect(await states()).toEqual({ code: "healthy", pkce: "healthy", legacy: "needs_reconnect" });
    expect(await world.row(ids.legacy)).toMatchObject({ status: "reconnect", troubleCode: "renew_refused" });
    expect(await world.told({ connection: ids.legacy })).toEqual(["connection.needs_reconnect"]);
  });

  it("R-20: 91 days: a refresh token that lapses after ninety needs its owner, which was known before; one that does not renews", async () => {
    const { ids, states } = await stores();
    await states();
    const { noReturnAt, renewableUntil } = await world.row(ids.pkce);
    expect(noReturnAt).toEqual(renewableUntil);
    await world.pass(89 * DAY_S);
    expect((await states()).pkce).toBe("expired_renewable");
    await world.pass(2 * DAY_S);
    expect(await states()).toEqual({ code: "expired_renewable", pkce: "needs_reconnect", legacy: "needs_reconnect" });
    await round();
    expect(await states()).toEqual({ code: "healthy", pkce: "needs_reconnect", legacy: "needs_reconnect" });
    expect(await world.row(ids.pkce)).toMatchObject({ status: "reconnect", troubleCode: "refresh_refused" });
    expect(await world.told({ connection: ids.pkce })).toEqual(["connection.needs_reconnect"]);
  });

  it("R-20: a refresh token that is spent once is renewed on the last day", async () => {
    const { ids, states } = await stores();
    await world.pass(89 * DAY_S);
    await round();
    expect((await states()).pkce).toBe("healthy");
    const row = await world.row(ids.pkce);
    expect(row.renewableUntil?.getTime()).toBeGreaterThan((await readClock(database())).getTime() + 89 * DAY_S * 1_000);
  });
});
