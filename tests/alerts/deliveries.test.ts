import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { database } from "@/db/client";
import { claimDelivery, dueDeliveries, findDelivery } from "@/db/deliveries";
import { sendTest } from "@/lib/alerts/send-test";
import { deliver } from "@/lib/deliveries/deliver";
import type { Post } from "@/lib/deliveries/post";
import { delivering } from "@/lib/jobs/delivering";
import { tidying } from "@/lib/jobs/tidying";
import { moveClock, resetClock } from "@/tests/auth/people";
import { setEnv, useEnv } from "@/tests/auth/set-env";
import { useDatabase } from "@/tests/support/database";
import { type MailServer, startMailServer } from "@/tests/support/mail-server";
import { BASE_URL, platforms } from "@/tests/support/platforms";
import { emptyAlerts, messages, told } from "./scene";

const PASSWORD = "CNRY-smtp";

useEnv({ LATCHKEY_URL: BASE_URL });
useDatabase();
const { open } = platforms();
let mail: MailServer;

beforeAll(async () => {
  mail = await startMailServer("latchkey", PASSWORD);
});
afterAll(() => mail.close());
beforeEach(async () => {
  await resetClock();
  await emptyAlerts();
  withMail(`smtp://latchkey:${PASSWORD}@127.0.0.1:${mail.port}`);
});

const withMail = (url: string | undefined, mode = "production") =>
  setEnv({ SMTP_URL: url, MAIL_FROM: url && "Latchkey <hub@latchkey.example>", NODE_ENV: mode });
afterAll(() => setEnv({ SMTP_URL: undefined, MAIL_FROM: undefined, NODE_ENV: "test" }));

const answering =
  (status: number): Post =>
  async () =>
    new Response(null, { status });
const never: Post = async () => {
  throw new Error("Nothing is sent here");
};
const last = async () => {
  const row = (await messages()).at(-1);
  if (!row) throw new Error("nothing was sent");
  return row;
};

describe("a message that does not arrive", () => {
  it("is tried ever more rarely, at least once an hour, for three days, and then no more", async () => {
    const hook = await told({}, "webhook");
    await sendTest(hook.admin, hook.id, answering(500));
    const { id, createdAt } = await last();
    const waits: number[] = [];
    for (let tries = 1; (await last()).status === "pending"; tries += 1) {
      const { nextAt } = await last();
      const [row] = (
        await database().execute<{ s: number }>(
          sql`select extract(epoch from ${nextAt.toISOString()}::timestamptz - app_now())::float8 as s`,
        )
      ).rows;
      const waitS = row?.s ?? 0;
      expect(waitS).toBeLessThanOrEqual(Math.min(3_600, 15 * 2 ** (tries - 1)) + 3);
      waits.push(waitS);
      await moveClock(`${Math.max(0, waitS) + 1} seconds`);
      expect(await deliver(id, answering(500))).toBe(true);
    }
    const row = await last();
    expect(row).toMatchObject({ status: "failed", lastResult: "500" });
    expect(row.tries).toBe(waits.length + 1);
    expect(row.nextAt.getTime() - createdAt.getTime()).toBeGreaterThan(3 * 86_400_000);
    // Full jitter: an hour at most, half of it on average.
    expect(waits.length).toBeGreaterThan(72);
    expect(waits.length).toBeLessThan(400);
    await moveClock("30 days");
    expect(await deliver(id, answering(204))).toBe(false);
  });

  it("belongs to one sender at a time, and after a crash in the midst of sending to the next one", async () => {
    const hook = await told({}, "webhook");
    await sendTest(hook.admin, hook.id, answering(500));
    await moveClock("1 minute");
    const { id } = await last();
    const calls: string[] = [];
    const slowly: Post = async (_url, init) => {
      calls.push(new Headers(init?.headers).get("webhook-id") ?? "");
      await new Promise((resolve) => setImmediate(resolve));
      return new Response(null, { status: 204 });
    };
    // Claimed, perhaps sent, and never settled.
    expect(await claimDelivery(database(), id, 90)).toMatchObject({ tries: 2 });
    expect(await dueDeliveries(database(), 10)).toEqual([]);
    expect(await deliver(id, slowly)).toBe(false);
    await moveClock("89 seconds");
    expect(await deliver(id, slowly)).toBe(false);
    await moveClock("2 seconds");
    const turns = await Promise.all(Array.from({ length: 8 }, () => deliver(id, slowly)));
    expect(turns.filter(Boolean)).toHaveLength(1);
    expect(calls).toEqual([id]);
    expect(await findDelivery(database(), id)).toMatchObject({ status: "delivered", tries: 3, leaseId: null });
  });

  it("a sender who lost its lease does not undo what the next one settled", async () => {
    const hook = await told({}, "webhook");
    await sendTest(hook.admin, hook.id, answering(500));
    await moveClock("1 minute");
    const { id } = await last();
    const overtaken: Post = async () => {
      await moveClock("91 seconds");
      await deliver(id, answering(204));
      return new Response(null, { status: 500 });
    };
    await deliver(id, overtaken);
    expect(await findDelivery(database(), id)).toMatchObject({ status: "delivered", lastResult: "204" });
  });

  it("through a bug of ours is not lost", async () => {
    const hook = await told({}, "webhook");
    expect(await sendTest(hook.admin, hook.id, never)).toBe("pending");
    expect(await last()).toMatchObject({ lastResult: "our_fault" });
  });
});

describe("by mail", () => {
  it("what a server takes is delivered, by the job as well", async () => {
    const ops = await told({});
    const before = mail.mails.length;
    expect(await sendTest(ops.admin, ops.id)).toBe("delivered");
    expect(mail.mails.at(before)).toMatch(new RegExp(`^To: ${ops.address}$`, "m"));
    expect(mail.mails.at(before)).toMatch(/^Subject: Test from latchkey\.test$/m);
    await database().execute(sql`update deliveries set status = 'pending', lease_id = null`);
    await delivering.round({ open, stopping: () => false });
    expect(mail.mails).toHaveLength(before + 2);
    expect(await last()).toMatchObject({ status: "delivered", lastResult: "accepted", tries: 2 });
  });

  it("a server that refuses our password, or is not there, is asked again", async () => {
    const ops = await told({});
    withMail(`smtp://latchkey:CNRY-other@127.0.0.1:${mail.port}`);
    expect(await sendTest(ops.admin, ops.id)).toBe("pending");
    expect(await last()).toMatchObject({ lastResult: "mail_535" });
    withMail("smtp://127.0.0.1:1");
    expect(await sendTest(ops.admin, ops.id)).toBe("pending");
    expect(await last()).toMatchObject({ lastResult: "mail_server_silent" });
  });

  it("without any way for mail it is dropped, and the log says why", async () => {
    const ops = await told({});
    withMail(undefined);
    expect(await sendTest(ops.admin, ops.id)).toBe("dropped");
    expect(await last()).toMatchObject({ lastResult: "no_mail_way", tries: 1 });
  });
});

it("what came to its end is forgotten after a quarter of a year, and nothing that is still on its way", async () => {
  const hook = await told({}, "webhook");
  await sendTest(hook.admin, hook.id, answering(204));
  await sendTest(hook.admin, hook.id, answering(500));
  await database().execute(
    sql`insert into alerts (id, kind, cause, closed_at) values ('alr_1', 'incident', 'x', app_now()), ('alr_2', 'incident', 'y', null)`,
  );
  const left = async () => [await messages(), (await database().execute(sql`select id from alerts`)).rows].map((rows) => rows.length);
  await moveClock("89 days");
  await tidying.round({ open, stopping: () => false });
  expect(await left()).toEqual([2, 2]);
  await moveClock("2 days");
  await tidying.round({ open, stopping: () => false });
  expect(await left()).toEqual([1, 1]);
});
