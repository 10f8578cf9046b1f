import { beforeEach, describe, expect, it, vi } from "vitest";
import { openAlerts } from "@/db/alerts";
import { database } from "@/db/client";
import { beat } from "@/db/workers";
import { watchWorker, workerLook } from "@/lib/alerts/watch-worker";
import { watching } from "@/lib/jobs/watching";
import { moveClock, resetClock } from "@/tests/auth/people";
import { useEnv } from "@/tests/auth/set-env";
import { useDatabase } from "@/tests/support/database";
import { BASE_URL, platforms } from "@/tests/support/platforms";
import { emptyAlerts, messages, said, told } from "./scene";

useEnv({ LATCHKEY_URL: BASE_URL });
useDatabase();
const { open } = platforms();
const job = () => watching.round({ open, stopping: () => false });

beforeEach(async () => {
  await resetClock();
  await emptyAlerts();
  vi.spyOn(process.stdout, "write").mockImplementation(() => true);
  return () => {
    vi.restoreAllMocks();
  };
});

describe("a worker that does not report", () => {
  it("is told of after two minutes by whoever is awake, delivered as well, and once more when it reports again", async () => {
    const ops = await told({ worker_silent: 2 });
    await beat(database(), "web_1", "web");
    await moveClock("119 seconds");
    expect(await watchWorker()).toBe(false);
    expect(await messages()).toEqual([]);
    await moveClock("2 seconds");
    for (let turn = 0; turn < 3; turn += 1) expect(await watchWorker()).toBe(true);
    expect(await said()).toEqual([`alert.opened worker_silent → ${ops.address}`]);
    expect(await messages()).toMatchObject([{ status: "delivered", facts: { minutes: 2 } }]);
    await moveClock("30 minutes");
    expect(await watchWorker()).toBe(true);
    await beat(database(), "web_1", "web");
    await Promise.all([watchWorker(), job(), job()]);
    expect(await said()).toEqual(["opened", "closed"].map((phase) => `alert.${phase} worker_silent → ${ops.address}`));
    expect((await messages()).at(-1)?.facts.minutes).toBe(30);
    expect(await openAlerts(database())).toEqual([]);
    // Silent for good a minute later: that is to be known.
    await moveClock("3 minutes");
    await watchWorker();
    expect(await messages()).toHaveLength(3);
  });

  it("each destination after as many minutes as it wants", async () => {
    const [soon, late] = [await told({ worker_silent: 2 }), await told({ worker_silent: 10 })];
    await beat(database(), "web_1", "web");
    await moveClock("9 minutes");
    await watchWorker();
    expect(await said()).toEqual([`alert.opened worker_silent → ${soon.address}`]);
    await moveClock("1 minute");
    await watchWorker();
    expect((await said()).at(-1)).toBe(`alert.opened worker_silent → ${late.address}`);
  });

  it("is no silence between two rounds of a schedule; after a quarter of an hour it is", async () => {
    await told({ worker_silent: 2 });
    await beat(database(), "cron", "cron");
    await moveClock("14 minutes");
    await watchWorker();
    expect(await messages()).toEqual([]);
    await moveClock("1 minute");
    await watchWorker();
    expect(await messages()).toHaveLength(1);
  });

  it("where none has ever reported, that is told; a process that does the work itself never says so", async () => {
    await told({ worker_silent: 2 });
    await job();
    expect(await messages()).toEqual([]);
    expect(await watchWorker()).toBe(true);
    expect(await messages()).toHaveLength(1);
    await job();
    expect(await openAlerts(database())).toEqual([]);
  });
});

it("a silence is believed when it is seen twice: a machine that wakes up says nothing", async () => {
  await told({ worker_silent: 2 });
  await beat(database(), "web_1", "web");
  const look = workerLook();
  await look();
  await moveClock("8 hours");
  await look();
  await beat(database(), "web_1", "web");
  for (let turn = 0; turn < 3; turn += 1) await look();
  expect(await messages()).toEqual([]);
  await moveClock("8 hours");
  for (let turn = 0; turn < 2; turn += 1) await look();
  expect(await messages()).toHaveLength(1);
});
