import { Webhook } from "standardwebhooks";
import { beforeEach, describe, expect, it } from "vitest";
import { findDestination } from "@/db/alert-destinations";
import { database, transaction } from "@/db/client";
import { dueDeliveries } from "@/db/deliveries";
import { openIncident } from "@/db/incidents";
import { enableDestination } from "@/lib/alerts/enable-destination";
import { removeDestination } from "@/lib/alerts/remove-destination";
import { rotateSecret } from "@/lib/alerts/rotate-secret";
import { sendAgain } from "@/lib/alerts/send-again";
import { sendTest } from "@/lib/alerts/send-test";
import { watch } from "@/lib/alerts/watch";
import { deliver } from "@/lib/deliveries/deliver";
import type { Post } from "@/lib/deliveries/post";
import { makeFetch } from "@/lib/http";
import { tidying } from "@/lib/jobs/tidying";
import { ProviderError } from "@/lib/providers/provider-error";
import { eventKinds, moveClock, resetClock } from "@/tests/auth/people";
import { useEnv } from "@/tests/auth/set-env";
import { keepSecret } from "@/tests/leaks/run-folder";
import { contents } from "@/tests/support/contents";
import { useDatabase } from "@/tests/support/database";
import { BASE_URL, platforms } from "@/tests/support/platforms";
import { emptyAlerts, messages, told } from "./scene";

useEnv({ LATCHKEY_URL: BASE_URL });
const address = useDatabase();
platforms();

beforeEach(async () => {
  await resetClock();
  await emptyAlerts();
});

type Call = { url: string; headers: Record<string, string>; body: string };

/** Somebody who takes webhooks: answers each call with the next of these, the last one for ever. */
function receiver(...answers: (number | (() => Response | never))[]) {
  const calls: Call[] = [];
  const post: Post = async (url, init) => {
    calls.push({ url, headers: init?.headers as Record<string, string>, body: String(init?.body) });
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    if (typeof answer === "function") return answer();
    return new Response(answer === 204 ? null : "kept nowhere: CNRY-answer", { status: answer ?? 500 });
  };
  return { calls, post };
}

const judged = (secret: string | null, { body, headers }: Call) =>
  new Webhook(secret ?? "").verify(body, headers) as Record<string, unknown>;
const last = async () => {
  const row = (await messages()).at(-1);
  if (!row) throw new Error("nothing was sent");
  return row;
};
const rotated = async (of: Awaited<ReturnType<typeof told>>) => keepSecret("webhook secret", await rotateSecret(of.admin, of.id));
const refuses = (secret: string | null, call: Call) => expect(() => judged(secret, call)).toThrow(/No matching signature/);

describe("Standard Webhooks, judged by the package of the same name", () => {
  it("takes our id, time and signature, and finds what happened in the body", async () => {
    const hook = await told({ incident: 1 }, "webhook");
    const { calls, post } = receiver(202);
    const incident = await transaction((tx) => openIncident(tx, "square", "invalid_client"));
    await watch();
    for (const id of await dueDeliveries(database(), 10)) await deliver(id, post);
    expect(calls).toHaveLength(1);
    const [call] = calls as [Call];
    expect(call.url).toBe(hook.address);
    expect(call.headers["content-type"]).toBe("application/json");
    const row = await last();
    expect(call.headers["webhook-id"]).toBe(row.id);
    expect(judged(hook.secret, call)).toEqual({
      type: "alert.opened",
      timestamp: row.createdAt.toISOString(),
      data: { alert: row.alertId, kind: "incident", platform: "square", code: "invalid_client", page: `${BASE_URL}/health` },
    });
    expect(row).toMatchObject({ status: "delivered", tries: 1, lastResult: "202" });
    expect(incident).not.toBeNull();
  });

  it("refuses another body, another id, another time and another secret", async () => {
    const hook = await told({}, "webhook");
    const other = await told({}, "webhook");
    const { calls, post } = receiver(204);
    await sendTest(hook.admin, hook.id, post);
    const [call] = calls as [Call];
    expect(judged(hook.secret, call)).toMatchObject({ type: "test", data: { page: `${BASE_URL}/alerts` } });
    refuses(hook.secret, { ...call, body: call.body.replace("test", "text") });
    refuses(hook.secret, { ...call, headers: { ...call.headers, "webhook-id": "msg_other" } });
    refuses(hook.secret, {
      ...call,
      headers: { ...call.headers, "webhook-timestamp": String(Number(call.headers["webhook-timestamp"]) - 1) },
    });
    refuses(other.secret, call);
  });

  it("a new secret: both sign for a day, the new one alone after it, and the one before is kept no longer", async () => {
    const hook = await told({}, "webhook");
    const { calls, post } = receiver(204);
    const second = await rotated(hook);
    await sendTest(hook.admin, hook.id, post);
    expect(calls.at(-1)?.headers["webhook-signature"]?.split(" ")).toHaveLength(2);
    for (const secret of [hook.secret, second]) judged(secret, calls.at(-1) as Call);
    // Again within the day: the first is good no more.
    const third = await rotated(hook);
    await sendTest(hook.admin, hook.id, post);
    for (const secret of [second, third]) judged(secret, calls.at(-1) as Call);
    refuses(hook.secret, calls.at(-1) as Call);

    await moveClock("24 hours");
    await sendTest(hook.admin, hook.id, post);
    judged(third, calls.at(-1) as Call);
    refuses(second, calls.at(-1) as Call);
    expect(calls.at(-1)?.headers["webhook-signature"]?.split(" ")).toHaveLength(1);
    await tidying.round({ open: platforms().open, stopping: () => false });
    expect(await findDestination(database(), hook.id)).toMatchObject({ previousSecret: null, previousUntil: null });
    expect(await eventKinds()).toContain("alert.secret_rotated");
  });

  it("no secret stands open in the database, and no receiver's answer at all", async () => {
    const hook = await told({}, "webhook");
    const second = await rotated(hook);
    await sendTest(hook.admin, hook.id, receiver(500).post);
    const all = JSON.stringify(await contents(address()));
    for (const secret of [hook.secret, second]) {
      expect(all).not.toContain(secret?.slice(6));
      expect(all).not.toContain(Buffer.from(secret?.slice(6) ?? "", "base64").toString("base64url"));
    }
    expect(all).not.toContain("CNRY-answer");
  });
});

describe("what a receiver answers", () => {
  it.each([301, 302, 307, 400, 401, 404, 429, 500, 503])("%i is not a receipt, and is tried again", async (status) => {
    const hook = await told({}, "webhook");
    expect(await sendTest(hook.admin, hook.id, receiver(status).post)).toBe("pending");
    expect(await last()).toMatchObject({ lastResult: String(status), tries: 1 });
  });

  it.each([200, 201, 204, 299])("%i is one", async (status) => {
    const hook = await told({}, "webhook");
    const answer = () => new Response(null, { status });
    expect(await sendTest(hook.admin, hook.id, receiver(answer).post)).toBe("delivered");
  });

  it("is asked again at the same id, not before its Retry-After", async () => {
    const hook = await told({}, "webhook");
    const { calls, post } = receiver(() => new Response(null, { status: 503, headers: { "retry-after": "600" } }), 204);
    await sendTest(hook.admin, hook.id, post);
    const { id } = await last();
    await moveClock("9 minutes");
    expect(await deliver(id, post)).toBe(false);
    await moveClock("2 minutes");
    expect(await deliver(id, post)).toBe(true);
    expect(calls.map(({ headers }) => headers["webhook-id"])).toEqual([id, id]);
    expect(new Set(calls.map(({ body }) => body)).size).toBe(1);
    expect(await last()).toMatchObject({ status: "delivered", tries: 2, lastResult: "204" });
  });

  it("410 switches the destination off: nothing more is sent there until an admin switches it on again", async () => {
    const hook = await told({ incident: 1 }, "webhook");
    const { calls, post } = receiver(410);
    expect(await sendTest(hook.admin, hook.id, post)).toBe("failed");
    expect((await findDestination(database(), hook.id))?.disabledAt).toBeInstanceOf(Date);
    expect(await sendTest(hook.admin, hook.id, post)).toBe("dropped");
    expect(await last()).toMatchObject({ lastResult: "switched_off" });
    await transaction((tx) => openIncident(tx, "square", "invalid_client"));
    await watch();
    expect(calls).toHaveLength(1);
    expect(await messages()).toHaveLength(2);
    await enableDestination(hook.admin, hook.id);
    await watch();
    expect((await last()).kind).toBe("alert.opened");
    expect(await eventKinds()).toEqual(expect.arrayContaining(["alert.destination_disabled", "alert.destination_enabled"]));
  });

  it.each(["unreachable", "no_whole_answer"])("none at all (%s) is tried again", async (code) => {
    const hook = await told({}, "webhook");
    const post = receiver(() => {
      throw new ProviderError(code === "unreachable" ? "transient" : "doubt", code);
    }).post;
    expect(await sendTest(hook.admin, hook.id, post)).toBe("pending");
    expect(await last()).toMatchObject({ lastResult: code });
  });
});

it("a name that leads into the company's own network is not called, now or later", async () => {
  const hook = await told({}, "webhook");
  let asked = 0;
  const post = makeFetch({
    allowLoopback: false,
    lookup: (_host, _options, callback) => {
      asked += 1;
      callback(null, [{ address: "169.254.169.254", family: 4 }]);
    },
  });
  expect(await sendTest(hook.admin, hook.id, post)).toBe("failed");
  expect(await last()).toMatchObject({ status: "failed", lastResult: "address_not_allowed", tries: 1 });
  expect(asked).toBe(1);
});

it("sent again by a person it is a line of its own, and the same message to its receiver", async () => {
  const hook = await told({}, "webhook");
  const { calls, post } = receiver(204);
  await sendTest(hook.admin, hook.id, post);
  const first = await last();
  expect(await sendAgain(hook.admin, first.id, post)).toBe("delivered");
  expect(await sendAgain(hook.admin, (await last()).id, post)).toBe("delivered");
  expect(calls.map(({ headers }) => headers["webhook-id"])).toEqual([first.id, first.id, first.id]);
  for (const call of calls) judged(hook.secret, call);
  expect(await messages()).toHaveLength(3);
});

it("what is on its way is not sent a second time, and what waits for a destination goes with it", async () => {
  const hook = await told({}, "webhook");
  await sendTest(hook.admin, hook.id, receiver(500).post);
  const { id } = await last();
  await expect(sendAgain(hook.admin, id)).rejects.toMatchObject({ code: "on_its_way", status: 409 });
  await removeDestination(hook.admin, hook.id);
  expect(await last()).toMatchObject({ status: "dropped", lastResult: "removed" });
  expect(await sendAgain(hook.admin, id, receiver(204).post)).toBe("dropped");
  expect(JSON.stringify(await contents(address()))).not.toContain(hook.address);
});
