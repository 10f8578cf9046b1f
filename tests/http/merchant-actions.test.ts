import { afterEach, describe, expect, test, vi } from "vitest";
import { chooseAction, finishAction } from "@/app/(merchant)/connect/result/[attempt]/actions";
import { disconnectAction, testAction } from "@/app/(merchant)/connections/[id]/actions";
import { GET } from "@/app/api/oauth/[provider]/callback/route";
import { database } from "@/db/client";
import { findConnection } from "@/db/connections";
import type { NextWorld } from "@/tests/auth/next-world";
import { makeMerchant, makePerson } from "@/tests/auth/people";
import { useEnv } from "@/tests/auth/set-env";
import { useDatabase } from "@/tests/support/database";
import { empty } from "@/tests/support/empty";
import { approve, attemptOf, type RedirectSlug } from "@/tests/support/journey";
import { BASE_URL } from "@/tests/support/platforms";
import { formOf, led } from "./actions";
import { destinationOf, flowAttempts, merchantWorld } from "./merchant-world";

const next = await vi.hoisted(async () => {
  const { NextWorld } = await import("@/tests/auth/next-world");
  return new NextWorld() as NextWorld;
});
vi.mock("next/headers", () => next.modules.headers);
vi.mock("next/server", async (original) => ({ ...(await original<typeof import("next/server")>()), after: next.modules.after }));

useEnv({ LATCHKEY_URL: BASE_URL });
useDatabase();
const { at, people, signIn, press, comeBack, asked } = merchantWorld(next);

afterEach(async () => {
  await empty("attempts", "connections", "grants", "events", "platform_sessions");
});

/** A browser that came back from the platform; resolves to its attempt. */
async function returned(slug: RedirectSlug = "square"): Promise<string> {
  const { attemptId, query } = await comeBack(slug);
  await GET(next.request(`/api/oauth/${slug}/callback?${query}`), { params: Promise.resolve({ provider: slug }) });
  return attemptId;
}

async function connected(): Promise<string> {
  const attemptId = await returned();
  await led(finishAction(formOf({ attemptId })));
  return (await attemptOf(attemptId)).resultId ?? "";
}

describe("finishing", () => {
  test.each(["", "1"])("connects and leads back to the result, followed by a script or not (following=%j)", async (following) => {
    const attemptId = await returned();
    expect(await led(finishAction(formOf({ attemptId, following })))).toBe(`/connect/result/${attemptId}`);
    expect(await attemptOf(attemptId)).toMatchObject({ outcome: "connected" });
  });

  test("ten at once and one more send the code once (S-22)", async () => {
    const attemptId = await returned();
    await Promise.all(Array.from({ length: 10 }, () => led(finishAction(formOf({ attemptId })))));
    await led(finishAction(formOf({ attemptId })));
    expect(at.simulators.square.ledger.count("token")).toBe(1);
    expect(await attemptOf(attemptId)).toMatchObject({ outcome: "connected" });
  });

  test("somebody else's attempt is not there, and nothing is sent", async () => {
    const attemptId = await returned();
    signIn((await makePerson(`${attemptId}@nile.example`, "member", people.merchantId)).token);
    await expect(finishAction(formOf({ attemptId }))).rejects.toThrow("NEXT_HTTP_ERROR_FALLBACK;404");
    expect(asked()).toEqual([]);
  });

  test("a form of another site is refused, and nothing is sent", async () => {
    const attemptId = await returned();
    next.headers.origin = "https://evil.test";
    await expect(finishAction(formOf({ attemptId }))).rejects.toThrow();
    expect(asked()).toEqual([]);
  });
});

describe("another store than the one being reconnected", () => {
  async function wrongStore(): Promise<{ attemptId: string; connectionId: string }> {
    const connectionId = await connected();
    const html = await (await press("square", { connectionId })).text();
    const attemptId = flowAttempts(next).at(-1) ?? "";
    const query = await approve(at, "square", destinationOf(html), "MLJEDDAH00002");
    await GET(next.request(`/api/oauth/square/callback?${query}`), { params: Promise.resolve({ provider: "square" }) });
    await led(finishAction(formOf({ attemptId })));
    expect(await attemptOf(attemptId)).toMatchObject({ outcome: "different_account" });
    return { attemptId, connectionId };
  }

  test("keep: the old one stays and can be tried again at once (C-10)", async () => {
    const { attemptId, connectionId } = await wrongStore();
    expect(await led(chooseAction(formOf({ attemptId, choice: "keep" })))).toBe(`/connect/square?connection=${connectionId}`);
    expect(await findConnection(database(), connectionId)).toMatchObject({ status: "active", accountId: "MLRIYADH00001" });
    expect(await led(chooseAction(formOf({ attemptId, choice: "keep" })))).toBe(`/connect/result/${attemptId}`);
  });

  test("add: it becomes a store of its own, and the old one stays", async () => {
    const { attemptId, connectionId } = await wrongStore();
    expect(await led(chooseAction(formOf({ attemptId, choice: "add" })))).toBe(`/connect/result/${attemptId}`);
    const attempt = await attemptOf(attemptId);
    expect(attempt).toMatchObject({ outcome: "connected" });
    expect(attempt.resultId).not.toBe(connectionId);
    expect(await findConnection(database(), connectionId)).toMatchObject({ status: "active", accountId: "MLRIYADH00001" });
  });
});

describe("a store's own actions", () => {
  test("a test leads back with what came of it", async () => {
    const id = await connected();
    expect(await led(testAction(formOf({ id })))).toBe(`/connections/${id}?done=works`);
  });

  test("disconnecting ends it at the platform and here", async () => {
    const id = await connected();
    expect(await led(disconnectAction(formOf({ id })))).toBe(`/connections/${id}`);
    expect(await findConnection(database(), id)).toMatchObject({
      status: "revoked",
      revokeConfirmed: "remote",
      access: null,
      renewal: null,
    });
    expect(at.simulators.square.ledger.count("revoke")).toBe(1);
  });

  test("for another merchant it is not there", async () => {
    const id = await connected();
    at.simulators.square.ledger.clear();
    const other = await makeMerchant("Jeddah Books");
    signIn((await makePerson(`${id}@jeddah.example`, "member", other)).token);
    for (const action of [testAction, disconnectAction])
      await expect(action(formOf({ id }))).rejects.toThrow("NEXT_HTTP_ERROR_FALLBACK;404");
    expect(await findConnection(database(), id)).toMatchObject({ status: "active" });
    expect(asked()).toEqual([]);
  });
});
