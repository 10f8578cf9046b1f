import { sql } from "drizzle-orm";
import { beforeEach, describe, expect, it } from "vitest";
import { database } from "@/db/client";
import { beat } from "@/db/workers";
import { workerHealth } from "@/lib/health/worker-health";
import { workerSilence } from "@/lib/health/worker-silence";
import { moveClock, resetClock } from "@/tests/auth/people";
import { useEnv } from "@/tests/auth/set-env";
import { useDatabase } from "@/tests/support/database";
import { empty } from "@/tests/support/empty";
import { aMerchant, connected, staff } from "@/tests/support/journey";
import { BASE_URL, platforms } from "@/tests/support/platforms";
import { sweep } from "@/tests/support/sweep";

useEnv({ LATCHKEY_URL: BASE_URL });
useDatabase();

let at = platforms();
let serial = 0;
const shop = () => aMerchant(`Quiet shop ${++serial}`);

beforeEach(async () => {
  at = platforms();
  await resetClock();
  await empty("connections", "attempts", "gates", "platform_sessions", "incidents", "workers");
});

describe("staff are told that nobody does the background work", () => {
  it("two minutes after the last round of any process, and no sooner", async () => {
    const admin = await staff("admin");
    await beat(database(), "web_1", "web");
    await beat(database(), "worker_1", "worker");
    expect(await workerSilence(admin)).toBeNull();
    await moveClock("1 minute 58 seconds");
    expect(await workerSilence(admin)).toBeNull();
    await moveClock("3 seconds");
    const silence = await workerSilence(admin);
    expect(silence?.forS).toBeGreaterThanOrEqual(121);
    expect(silence?.forS).toBeLessThan(180);
    expect(await workerSilence(await staff("support"))).not.toBeNull();
    await beat(database(), "worker_1", "worker");
    expect(await workerSilence(admin)).toBeNull();
  });

  it("while one of several goes on, nobody is silent", async () => {
    await beat(database(), "worker_1", "worker");
    await moveClock("10 minutes");
    await beat(database(), "worker_2", "worker");
    expect(await workerSilence(await staff("support"))).toBeNull();
  });

  it("where none ever did, with no time that could be told; and still after the silent ones were tidied away", async () => {
    const support = await staff("support");
    expect(await workerSilence(support)).toEqual({ forS: null });
    await beat(database(), "worker_1", "worker");
    await moveClock("9 days");
    await sweep(at.open);
    expect(Math.floor(((await workerSilence(support))?.forS ?? 0) / 86_400)).toBe(9);
  });

  it("and no merchant is", async () => {
    await expect(workerSilence(await shop())).rejects.toMatchObject({ status: 403 });
  });
});

describe("the health page's line about the worker", () => {
  it("tells the last round, how many processes there are, and that nothing is due", async () => {
    await beat(database(), "web_1", "web");
    await moveClock("30 seconds");
    await beat(database(), "worker_1", "worker");
    await moveClock("8 seconds");
    const health = await workerHealth(await staff("admin"));
    expect(health).toMatchObject({ silent: false, processes: 2, due: { n: 0, more: false, oldestAt: null } });
    const agoS = (health.asOf.getTime() - Number(health.lastRoundAt)) / 1_000;
    expect(agoS).toBeGreaterThanOrEqual(8);
    expect(agoS).toBeLessThan(30);
  });

  it("counts what is due over all platforms, from the one due the longest, and no further than it has to", async () => {
    const ids = [(await connected(at, await shop(), "square")).id, (await connected(at, await shop(), "oauth2")).id];
    const admin = await staff("admin");
    for (const [index, id] of ids.entries())
      await database().execute(
        sql`update connections set next_refresh_at = app_now() - make_interval(hours => ${index + 1}) where id = ${id}`,
      );
    const { asOf, due } = await workerHealth(admin);
    expect(due).toMatchObject({ n: 2, more: false });
    expect((asOf.getTime() - Number(due.oldestAt)) / 3_600_000).toBeCloseTo(2, 1);
    await database().execute(sql`update connections set offer = 'square' where id in ${ids}`);
    expect((await workerHealth(admin, 1)).due).toMatchObject({ n: 1, more: true });
  });

  it("is for admins", async () => {
    await expect(workerHealth(await staff("support"))).rejects.toMatchObject({ status: 403 });
  });
});
