import { sql } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openAlerts } from "@/db/alerts";
import { database, transaction } from "@/db/client";
import { closeIncident, openIncident } from "@/db/incidents";
import { changeRules } from "@/lib/alerts/change-rules";
import { watch } from "@/lib/alerts/watch";
import { eventKinds, moveClock, resetClock } from "@/tests/auth/people";
import { useEnv } from "@/tests/auth/set-env";
import { useDatabase } from "@/tests/support/database";
import { BASE_URL, platforms } from "@/tests/support/platforms";
import { emptyAlerts, messages, said, setState, stores, told } from "./scene";

useEnv({ LATCHKEY_URL: BASE_URL });
useDatabase();
platforms();

beforeEach(async () => {
  await resetClock();
  await emptyAlerts();
});
afterEach(resetClock);

const open = async () => (await openAlerts(database())).map(({ kind, cause }) => `${kind} ${cause}`);
const today = async () =>
  (await database().execute<{ day: string }>(sql`select to_char(app_now() at time zone 'UTC', 'YYYY-MM-DD') as day`)).rows[0]?.day;
/** The middle of a day, so that nothing here happens on two of them. */
async function atNoon(): Promise<void> {
  await database().execute(sql`
    update clock set ahead = ahead + date_trunc('day', (app_now() + interval '1 day') at time zone 'UTC') at time zone 'UTC' + interval '12 hours' - app_now()`);
}

describe("a platform that refuses our client", () => {
  it("400 failing stores are one incident: one message to each destination, nobody is asked to reconnect, and one when it is over", async () => {
    const [mail, hook] = [await told({ incident: 1, needs_reconnect: 1 }), await told({ incident: 1, renewal_late: 1 }, "webhook")];
    await stores(400, { state: "refresh_failing", renews: "1 minute" });
    await stores(30, { state: "renewal_late", renews: "-1 minute" });
    const incident = await transaction((tx) => openIncident(tx, "square", "invalid_client"));
    for (let round = 0; round < 5; round += 1) await Promise.all([watch(), watch()]);
    const host = new URL(hook.address).host;
    expect(await open()).toEqual([`incident ${incident?.id}`]);
    expect((await said()).sort()).toEqual([`alert.opened incident → ${mail.address}`, `alert.opened incident → ${host}`].sort());
    expect((await messages())[0]?.facts).toEqual({ about: "incident", offer: "square", code: "invalid_client" });

    await database().execute(sql`update connections set state = 'healthy'`);
    await moveClock("42 minutes");
    await transaction((tx) => closeIncident(tx, incident?.id ?? ""));
    for (let round = 0; round < 3; round += 1) await Promise.all([watch(), watch()]);
    expect(await open()).toEqual([]);
    const over = (await messages()).slice(2);
    expect(over.map(({ kind, facts }) => [kind, facts.minutes])).toEqual([
      ["alert.closed", 42],
      ["alert.closed", 42],
    ]);
    expect((await eventKinds()).filter((kind) => /^alert\.(opened|closed)$/.test(kind))).toEqual(["alert.opened", "alert.closed"]);
  });

  it("the next incident of the same platform is another cause; whoever was not told of one is not told that it is over", async () => {
    const first = await transaction((tx) => openIncident(tx, "square", "invalid_client"));
    const mail = await told({ incident: 1 });
    await watch();
    await transaction((tx) => closeIncident(tx, first?.id ?? ""));
    const late = await told({ incident: 1 });
    await watch();
    await transaction((tx) => openIncident(tx, "square", "invalid_client"));
    await watch();
    expect((await said()).sort()).toEqual(
      [
        `alert.opened incident → ${mail.address}`,
        `alert.closed incident → ${mail.address}`,
        `alert.opened incident → ${mail.address}`,
        `alert.opened incident → ${late.address}`,
      ].sort(),
    );
  });
});

describe("stores that need a reconnect", () => {
  it("A13: 50 or more within an hour, for whoever asked for that: once while it lasts, and again at the next surge", async () => {
    await atNoon();
    const { id, admin, address } = await told({ needs_reconnect: 50 });
    const rule = { enabled: true, threshold: "50", windowMinutes: "60" };
    await changeRules(admin, { destinationId: id, rules: { needs_reconnect: rule } });
    await stores(30, { state: "needs_reconnect", status: "reconnect", needed: "-2 hours" });
    const surge = await stores(49, { state: "needs_reconnect", status: "reconnect", needed: "-5 minutes" });
    await watch();
    expect(await said()).toEqual([]);
    surge.push(...(await stores(1, { state: "needs_reconnect", status: "reconnect", needed: "-1 minute" })));
    await Promise.all([watch(), watch()]);
    expect(await said()).toEqual([`alert.opened needs_reconnect → ${address}`]);
    expect((await messages())[0]?.facts).toMatchObject({ offer: "square", count: 50, within: 60 });
    await moveClock("61 minutes");
    await watch();
    await moveClock("11 minutes");
    await watch();
    expect(await open()).toEqual([]);
    await stores(50, { state: "needs_reconnect", status: "reconnect", needed: "-1 minute" });
    await watch();
    expect(await said()).toHaveLength(2);
    await expect(
      changeRules(admin, { destinationId: id, rules: { needs_reconnect: { ...rule, windowMinutes: "7" } } }),
    ).rejects.toMatchObject({ status: 422 });
  });

  it("many of one platform on one day are one message with their number; another day's are another, and none where nothing is new", async () => {
    await atNoon();
    const mail = await told({ needs_reconnect: 1 });
    await stores(30, { state: "needs_reconnect", needed: "-1 minute" });
    await stores(2, { state: "needs_reconnect", needed: "-1 minute", offer: "noon" });
    // Some that began before today, and some that only end soon.
    await stores(7, { state: "needs_reconnect", needed: "-3 days" });
    await stores(7, { state: "expiring_soon", needed: "-1 minute" });
    await watch();
    await stores(5, { state: "needs_reconnect", needed: "0" });
    for (let round = 0; round < 3; round += 1) await watch();
    const opened = `alert.opened needs_reconnect → ${mail.address}`;
    expect(await said()).toEqual([opened, opened]);
    expect((await messages()).map(({ facts }) => [facts.offer, facts.count]).sort()).toEqual([
      ["noon", 2],
      ["square", 30],
    ]);
    expect((await openAlerts(database())).map(({ facts }) => facts.count).sort()).toEqual([2, 35]);

    await moveClock("1 day");
    await watch();
    await moveClock("11 minutes");
    await watch();
    expect(await open()).toEqual([]);
    await stores(1, { state: "needs_reconnect", needed: "0" });
    await watch();
    expect(await open()).toEqual([`needs_reconnect square ${await today()}`]);
    expect(await messages()).toHaveLength(3);
  });

  it("one that was about to end and has ended today counts from today", async () => {
    await atNoon();
    await told({ needs_reconnect: 1 });
    const ids = await stores(1, { state: "expiring_soon", needed: "-5 days", noReturn: "-1 minute" });
    await watch();
    expect(await messages()).toEqual([]);
    await database().execute(sql`update connections set state = 'needs_reconnect', state_since = app_now() where id in ${ids}`);
    await watch();
    expect(await messages()).toHaveLength(1);
  });

  it("each destination is told when its own number is reached, once", async () => {
    await atNoon();
    const few = await told({ needs_reconnect: 1 });
    const many = await told({ needs_reconnect: 50 });
    await stores(49, { state: "needs_reconnect", needed: "0" });
    await watch();
    expect(await said()).toEqual([`alert.opened needs_reconnect → ${few.address}`]);
    await stores(1, { state: "needs_reconnect", needed: "0" });
    for (let round = 0; round < 3; round += 1) await watch();
    expect(await said()).toEqual([few, many].map(({ address }) => `alert.opened needs_reconnect → ${address}`));
  });

  it("under everybody's number nothing opens", async () => {
    await atNoon();
    await told({ needs_reconnect: 50 });
    await stores(49, { state: "needs_reconnect", needed: "0" });
    await watch();
    expect(await open()).toEqual([]);
  });
});

describe("a point of no return", () => {
  it("is told of so many days before, by platform and last day, for what does not renew by itself in time", async () => {
    await atNoon();
    const mail = await told({ point_of_no_return: 7 });
    await stores(3, { noReturn: "5 days", state: "healthy" });
    await stores(2, { noReturn: "5 days", state: "refresh_failing", renews: "1 hour" });
    await stores(1, { noReturn: "6 days", state: "expiring_soon" });
    // Renews by itself; not near; passed; not live.
    await stores(9, { noReturn: "5 days", state: "healthy", renews: "2 days" });
    await stores(9, { noReturn: "8 days", state: "healthy" });
    await stores(9, { noReturn: "-1 hour", state: "needs_reconnect", needed: "-9 days" });
    await stores(9, { noReturn: "5 days", state: "needs_reconnect", status: "reconnect", needed: "-9 days" });
    for (let round = 0; round < 3; round += 1) await watch();
    expect(await said()).toEqual(Array(2).fill(`alert.opened point_of_no_return → ${mail.address}`));
    expect((await messages()).map(({ facts }) => facts.count).sort()).toEqual([1, 5]);

    await moveClock("1 day 1 hour");
    await watch();
    expect((await messages()).map(({ facts }) => facts.count).sort()).toEqual([1, 5, 9]);
  });

  it("who wants to know later is told later, of the same", async () => {
    await atNoon();
    const [week, day] = [await told({ point_of_no_return: 7 }), await told({ point_of_no_return: 1 })];
    await stores(1, { noReturn: "5 days" });
    await watch();
    expect(await said()).toEqual([`alert.opened point_of_no_return → ${week.address}`]);
    await moveClock("4 days 1 hour");
    await watch();
    expect(await said()).toEqual([week, day].map(({ address }) => `alert.opened point_of_no_return → ${address}`));
  });
});

describe("renewals that are late", () => {
  it("are one message for a platform until none is late for ten minutes; a flicker is the same cause", async () => {
    const mail = await told({ renewal_late: 2 });
    const ids = await stores(2, { state: "renewal_late" });
    await watch();
    for (let minute = 0; minute < 20; minute += 1) {
      await setState(ids, minute % 2 === 0 ? "renewing" : "renewal_late");
      await moveClock("1 minute");
      await watch();
    }
    expect(await open()).toEqual(["renewal_late square"]);
    expect(await said()).toEqual([`alert.opened renewal_late → ${mail.address}`]);
    await setState(ids, "healthy");
    await watch();
    await moveClock("9 minutes");
    await watch();
    expect(await open()).toHaveLength(1);
    await moveClock("61 seconds");
    await watch();
    expect(await open()).toEqual([]);
    // Its end is not told; coming back, it is another cause.
    await setState(ids, "renewal_late");
    await watch();
    expect(await said()).toHaveLength(2);
  });
});

it("a kind that nobody wants opens nothing; a rule that is switched off says no more, not even that it is over", async () => {
  const mail = await told({ incident: 1 });
  await stores(5, { state: "renewal_late" });
  const incident = await transaction((tx) => openIncident(tx, "square", "invalid_client"));
  await watch();
  await changeRules(mail.admin, { destinationId: mail.id, rules: { incident: { enabled: false } } });
  await transaction((tx) => closeIncident(tx, incident?.id ?? ""));
  await watch();
  expect(await open()).toEqual([]);
  expect(await said()).toEqual([`alert.opened incident → ${mail.address}`]);
});

it("counts by index: no statement walks over the connections", async () => {
  await stores(20_000, { renews: "1 day" });
  await stores(50, { state: "needs_reconnect", needed: "-1 minute" });
  await stores(50, { noReturn: "2 days" });
  await database().execute(sql`analyze connections`);
  const { begunToNeedReconnect, endingForGood, renewedLate } = await import("@/db/alert-causes");
  const plans: string[] = [];
  const explaining = {
    execute: async (query: ReturnType<typeof sql>) => {
      const plan = await database().execute<{ "QUERY PLAN": string }>(sql`explain ${query}`);
      plans.push(plan.rows.map((row) => row["QUERY PLAN"]).join("\n"));
      return { rows: [] };
    },
  } as never;
  await begunToNeedReconnect(explaining);
  await endingForGood(explaining, 7);
  await renewedLate(explaining);
  expect(plans).toHaveLength(3);
  for (const plan of plans) expect(plan).not.toMatch(/Seq Scan on connections/);
  expect(plans[0]).toMatch(/connections_refused/);
  expect(plans[1]).toMatch(/connections_no_return/);
});
