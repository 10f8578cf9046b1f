import { sql } from "drizzle-orm";
import { afterEach, describe, expect, test, vi } from "vitest";
import { GET, HEAD } from "@/app/api/oauth/[provider]/start/route";
import { database } from "@/db/client";
import { newAttemptId } from "@/lib/connections/new-attempt-id";
import type { NextWorld } from "@/tests/auth/next-world";
import { makePerson } from "@/tests/auth/people";
import { useEnv } from "@/tests/auth/set-env";
import { useDatabase, whileClosed } from "@/tests/support/database";
import { empty } from "@/tests/support/empty";
import { BASE_URL } from "@/tests/support/platforms";
import { destinationOf, flowAttempts, merchantWorld } from "./merchant-world";

const next = await vi.hoisted(async () => {
  const { NextWorld } = await import("@/tests/auth/next-world");
  return new NextWorld() as NextWorld;
});
vi.mock("next/headers", () => next.modules.headers);

useEnv({ LATCHKEY_URL: BASE_URL });
const address = useDatabase();
const { at, press, signIn, asked } = merchantWorld(next);

const params = (provider: string) => ({ params: Promise.resolve({ provider }) });
const attempts = async () =>
  (await database().execute<{ id: string; label: string | null }>(sql`select id, label from attempts order by created_at`)).rows;
const titleOf = (html: string) => /<title>(.*?)<\/title>/.exec(html)?.[1];

afterEach(async () => {
  at.faults.length = 0;
  if (
    await database()
      .execute(sql`select 1`)
      .catch(() => null)
  )
    await empty("attempts", "events");
});

describe("start", () => {
  test("200: our own page leads to the platform, by itself and by its link (S-01, S-12)", async () => {
    const id = newAttemptId();
    const response = await press("square", { attemptId: id, label: "Riyadh shop" }, { "x-forwarded-host": "evil.test" });
    expect(response.status).toBe(200);
    const html = await response.text();
    const url = new URL(destinationOf(html));
    expect(url.host).toBe("square.test");
    expect(url.searchParams.get("redirect_uri")).toBe(`${BASE_URL}/api/oauth/square/callback`);
    expect(Buffer.from(url.searchParams.get("state") ?? "", "base64url").length).toBeGreaterThanOrEqual(16);
    expect(html).toContain(`<a href="${url.href.replaceAll("&", "&amp;")}"`);
    expect(titleOf(html)).toContain("square.test");
    expect(await attempts()).toEqual([{ id, label: "Riyadh shop" }]);
  });

  test("200: the flow cookie is bound to the host and no script can read it (S-02, S-03)", async () => {
    const id = newAttemptId();
    const [cookie, ...more] = (await press("square", { attemptId: id })).headers.getSetCookie();
    expect(more).toEqual([]);
    const [pair = "", ...attributes] = (cookie ?? "").split("; ");
    expect(pair).toMatch(new RegExp(`^__Host-latchkey\\.flow\\.${id}=[\\w-]{43}$`));
    expect(attributes.sort()).toEqual(["HttpOnly", "Max-Age=3600", "Path=/", "SameSite=Lax", "Secure"]);
  });

  test("200: nothing of a third party, nothing kept, no referrer (S-20, S-104)", async () => {
    const response = await press("square");
    const policy = response.headers.get("content-security-policy") ?? "";
    const html = await response.text();
    const nonce = /<style nonce="([^"]+)">/.exec(html)?.[1];
    expect(policy).toBe(
      `default-src 'none'; style-src 'nonce-${nonce}'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    );
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(response.headers.get("referrer-policy")).toBe("no-referrer");
    expect(html).not.toMatch(/<script|style="|src=/);
  });

  test("200: in the reader's language and direction", async () => {
    next.jar.set("latchkey-locale", "ar");
    expect(await (await press("square")).text()).toContain('<html lang="ar" dir="rtl"');
  });

  test("200: one form is one attempt, however often it is sent (M19)", async () => {
    const id = newAttemptId();
    const [first, second] = [await press("square", { attemptId: id }), await press("square", { attemptId: id })];
    expect(await attempts()).toHaveLength(1);
    expect(destinationOf(await first.text())).not.toBe(destinationOf(await second.text()));
  });

  test("200: a browser that starts often keeps a bounded number of flow cookies, the newest", async () => {
    for (let round = 0; round < 15; round += 1) await press("square");
    const kept = flowAttempts(next);
    expect(kept).toHaveLength(12);
    expect(kept).toEqual((await attempts()).map(({ id }) => id).slice(-12));
  });

  test("303: nobody is signed in, so sign-in comes first", async () => {
    next.jar.delete("__Host-latchkey.session");
    const response = await press("square");
    expect(response.status).toBe(303);
    expect(response.headers.get("location")).toBe(`${BASE_URL}/sign-in?to=%2Fconnect%2Fsquare&notice=expired`);
    expect(await attempts()).toEqual([]);
  });

  test.each([
    ["a label beyond any name", { label: "x".repeat(81) }],
    ["an attempt id that we did not make", { attemptId: "att_1" }],
  ])("400: %s", async (_what, form) => {
    const response = await press("square", form);
    expect(response.status).toBe(400);
    expect(await attempts()).toEqual([]);
  });

  test("400: a body that is no form", async () => {
    const response = await press("square", {}, { "content-type": "application/json" });
    expect(response.status).toBe(400);
  });

  test.each([
    ["another origin", { origin: "https://evil.test" }],
    ["an opaque origin", { origin: "null" }],
    ["a forged forwarded host", { origin: "https://evil.test", "x-forwarded-host": "evil.test" }],
  ])("403: %s", async (_what, headers) => {
    const response = await press("square", {}, headers);
    expect(response.status).toBe(403);
    expect(await attempts()).toEqual([]);
    expect(response.headers.getSetCookie()).toEqual([]);
  });

  test("403: staff connect nobody's store", async () => {
    signIn((await makePerson("sami@latchkey.example", "support")).token);
    expect((await press("square")).status).toBe(403);
  });

  test.each(["nowhere", "norce"])("404: no consent is asked at %s", async (slug) => {
    expect((await press(slug)).status).toBe(404);
  });

  test.each([
    ["another merchant", { merchantId: "mer_00000000000000000000" }],
    ["another merchant's connection", { connectionId: "con_00000000000000000000" }],
    ["what no id can be", { connectionId: "\0" }],
  ])("404: %s looks as if it were not there", async (_what, form) => {
    expect((await press("square", form)).status).toBe(404);
    expect(await attempts()).toEqual([]);
  });

  test.each([
    ["GET", GET],
    ["HEAD", HEAD],
  ])("405: %s starts nothing, a router's prefetch neither (S-13)", async (method, handler) => {
    for (const headers of [{}, { rsc: "1", "next-router-prefetch": "1" }]) {
      const response = await handler(
        next.request("/api/oauth/square/start", { method, headers: headers as Record<string, string> }),
        params("square"),
      );
      expect(response.status).toBe(405);
      expect(response.headers.get("allow")).toBe("POST");
      expect(response.headers.getSetCookie()).toEqual([]);
    }
    expect(await attempts()).toEqual([]);
    expect(asked()).toEqual([]);
  });

  test("503: the platform's own description cannot be read, so nobody is sent there", async () => {
    at.faults.push({ kind: "status", status: 503 });
    const response = await press("oauth2");
    expect(response.status).toBe(503);
    expect(await response.text()).not.toContain("http-equiv");
  });

  test("C-12: 503: the database is gone, so nobody is sent to a platform whose answer could not be checked", async () => {
    const response = await whileClosed(address(), () => press("square"));
    expect(response.status).toBe(503);
    const html = await response.text();
    expect(html).not.toContain("http-equiv");
    expect(html).toMatch(/Reference: [0-9a-f]{12}/);
    expect(html).not.toMatch(/\.ts:|node_modules/);
    expect(response.headers.getSetCookie()).toEqual([]);
    expect(Object.values(at.simulators).flatMap(({ ledger }) => ledger.calls)).toEqual([]);
  });
});
