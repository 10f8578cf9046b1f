import { createHash } from "node:crypto";
import { sql } from "drizzle-orm";
import { afterEach, describe, expect, test, vi } from "vitest";
import { GET, HEAD } from "@/app/api/oauth/[provider]/callback/route";
import { database } from "@/db/client";
import type { NextWorld } from "@/tests/auth/next-world";
import { makePerson, moveClock } from "@/tests/auth/people";
import { useEnv } from "@/tests/auth/set-env";
import { useDatabase, whileClosed } from "@/tests/support/database";
import { empty } from "@/tests/support/empty";
import { attemptOf, type RedirectSlug } from "@/tests/support/journey";
import { BASE_URL } from "@/tests/support/platforms";
import { merchantWorld } from "./merchant-world";

const next = await vi.hoisted(async () => {
  const { NextWorld } = await import("@/tests/auth/next-world");
  return new NextWorld() as NextWorld;
});
vi.mock("next/headers", () => next.modules.headers);

useEnv({ LATCHKEY_URL: BASE_URL });
const address = useDatabase();
const { people, signIn, comeBack, asked } = merchantWorld(next);

const redirects: RedirectSlug[] = ["noon", "ultracart", "square", "oauth2"];
const params = (provider: string) => ({ params: Promise.resolve({ provider }) });
const call = (slug: string, query: URLSearchParams | string) => GET(next.request(`/api/oauth/${slug}/callback?${query}`), params(slug));
const changed = async () =>
  (await database().execute(sql`select id from events where kind not in ('attempt.started', 'merchant.created')`)).rows.length;

afterEach(async () => {
  if (
    await database()
      .execute(sql`select 1`)
      .catch(() => null)
  )
    await empty("attempts", "events");
});

/** Refused: a static page, nothing changed, nothing sent, and neither code nor state in it. */
async function expectStranger(response: Response, query: URLSearchParams): Promise<void> {
  expect(response.status).toBe(400);
  const html = await response.text();
  for (const name of ["code", "state"]) if ((query.get(name) ?? "").length > 8) expect(html).not.toContain(query.get(name));
  expect(html).toContain('href="/connect"');
  expect(html).not.toMatch(/<script|http-equiv/);
  expect(await changed()).toBe(0);
  expect(asked()).toEqual([]);
}

describe("callback", () => {
  test.each(redirects)("303: %s's answer is kept and leads to a clean address, nothing is sent yet (S-19, S-20)", async (slug) => {
    const { attemptId, query } = await comeBack(slug);
    const response = await call(slug, query);
    expect(response.status).toBe(303);
    expect(response.headers.get("location")).toBe(`${BASE_URL}/connect/result/${attemptId}`);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "referrer-policy": "no-referrer",
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
    });
    expect(response.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(await response.text()).toBe("");
    const attempt = await attemptOf(attemptId);
    expect(attempt).toMatchObject({ status: "answered", outcome: null });
    expect(attempt.presentAt).not.toBeNull();
    expect(asked()).toEqual([]);
  });

  test("303: a refusal by the merchant closes the attempt (C-02)", async () => {
    const { attemptId, query } = await comeBack("square", "deny");
    expect((await call("square", query)).status).toBe(303);
    expect(await attemptOf(attemptId)).toMatchObject({ status: "finished", outcome: "denied" });
  });

  test.each(["__proto__", "constructor", "_", "<b>", "x".repeat(65), "Access_Denied", "ن"])(
    "303: the error %j is no word that a sentence could be looked up by (S-17)",
    async (error) => {
      const { attemptId, query } = await comeBack("square", "deny");
      query.set("error", error);
      expect((await call("square", query)).status).toBe(303);
      expect(await attemptOf(attemptId)).toMatchObject({ outcome: "refused", troubleCode: "other" });
    },
  );

  test("303: neither code nor error came back (C-14)", async () => {
    const { attemptId, query } = await comeBack("square");
    expect((await call("square", new URLSearchParams({ state: query.get("state") ?? "" }))).status).toBe(303);
    expect(await attemptOf(attemptId)).toMatchObject({ outcome: "nothing" });
  });

  test("303: again and again, one after the other and at once, the same address and one answer kept (S-05, S-22)", async () => {
    const { attemptId, query } = await comeBack("square");
    const responses = await Promise.all(Array.from({ length: 20 }, () => call("square", query)));
    responses.push(await call("square", query));
    expect(new Set(responses.map((response) => `${response.status} ${response.headers.get("location")}`))).toEqual(
      new Set([`303 ${BASE_URL}/connect/result/${attemptId}`]),
    );
    expect(await changed()).toBe(1);
    expect(asked()).toEqual([]);
  });

  test("303: too late, and the code is never kept (C-06)", async () => {
    const { attemptId, query } = await comeBack("square");
    await moveClock("11 minutes");
    expect((await call("square", query)).headers.get("location")).toBe(`${BASE_URL}/connect/result/${attemptId}`);
    expect(await attemptOf(attemptId)).toMatchObject({ outcome: "timed_out", answer: null, verifier: null });
  });

  test("303: signed out meanwhile, the answer is held for the same person (C-08)", async () => {
    const { attemptId, query } = await comeBack("square");
    next.jar.delete("__Host-latchkey.session");
    expect((await call("square", query)).status).toBe(303);
    expect(await attemptOf(attemptId)).toMatchObject({ status: "answered", presentAt: null });
  });

  test("303: what else the query claims has no effect (S-04, S-12)", async () => {
    const { attemptId, query } = await comeBack("square");
    for (const name of ["provider", "tenant", "redirect_uri", "returnTo", "merchantId"]) query.set(name, "https://evil.test");
    const response = await call("square", query);
    expect(response.headers.get("location")).toBe(`${BASE_URL}/connect/result/${attemptId}`);
    expect(await attemptOf(attemptId)).toMatchObject({ offer: "square", merchantId: people.merchantId });
  });

  test.each(redirects)("400: %s's answer in another browser, without the flow cookie (S-02)", async (slug) => {
    const { attemptId, query } = await comeBack(slug);
    next.jar.delete(`__Host-latchkey.flow.${attemptId}`);
    await expectStranger(await call(slug, query), query);
    expect(await attemptOf(attemptId)).toMatchObject({ status: "open" });
  });

  test.each(redirects)("400: %s's answer with a state that differs in one character", async (slug) => {
    const { attemptId, query } = await comeBack(slug);
    const state = query.get("state") ?? "";
    query.set("state", `${state.startsWith("A") ? "B" : "A"}${state.slice(1)}`);
    await expectStranger(await call(slug, query), query);
    expect(await attemptOf(attemptId)).toMatchObject({ status: "open" });
  });

  test("303: the state is found by its hash, which is all that is kept of it: no comparison tells how near a guess is", async () => {
    const { attemptId, query } = await comeBack("oauth2");
    const state = query.get("state") ?? "";
    const { rows } = await database().execute<{ row: string }>(sql`select a::text as row from attempts a where id = ${attemptId}`);
    expect(rows[0]?.row).not.toContain(state);
    expect(rows[0]?.row).toContain(createHash("sha256").update(state).digest("base64url"));
    expect((await call("oauth2", query)).status).toBe(303);
  });

  test("400: another person in the same browser (C-08)", async () => {
    const { attemptId, query } = await comeBack("square");
    signIn((await makePerson(`${attemptId}@nile.example`, "member", people.merchantId)).token);
    await expectStranger(await call("square", query), query);
  });

  test.each(redirects.flatMap((from) => redirects.filter((to) => to !== from).map((to) => [from, to] as const)))(
    "400: %s's state on the path of %s (S-09)",
    async (from, to) => {
      const { query } = await comeBack(from);
      await expectStranger(await call(to, query), query);
    },
  );

  test.each<[string, (query: URLSearchParams) => string]>([
    ["no parameters at all", () => ""],
    ["no state", (query) => `code=${query.get("code")}`],
    ["a state that nobody made", (query) => `code=${query.get("code")}&state=CNRY-state-of-nobody-0123456789`],
    ["an error without state (C-05, S-18)", () => "error=access_denied"],
    ["two codes (S-16)", (query) => `${query}&code=second`],
    ["two states", (query) => `${query}&state=second`],
    ["an array", (query) => `${query}&code[]=second`],
    ["a name in capitals", (query) => `${query}&Code=second`],
    ["code and error together", (query) => `${query}&error=access_denied`],
    ["a code of 1 MB (S-24)", (query) => `state=${query.get("state")}&code=${"x".repeat(1_000_000)}`],
    ["markup for an error", () => `error=${encodeURIComponent("<script>alert(1)</script>")}`],
  ])("400: %s", async (_what, make) => {
    const { query } = await comeBack("square");
    const asSent = make(query);
    await expectStranger(await call("square", asSent), query);
  });

  test.each(redirects)("C-05/C-11/C-14: 400: %s: an error that nobody asked for, no parameters, an attempt that is gone", async (slug) => {
    const { attemptId, query } = await comeBack(slug);
    for (const text of ["error=access_denied", `error=access_denied&state=${"x".repeat(43)}`, ""])
      await expectStranger(await call(slug, text), new URLSearchParams(text));
    expect(await attemptOf(attemptId)).toMatchObject({ status: "open" });
    await database().execute(sql`delete from attempts where id = ${attemptId}`);
    await expectStranger(await call(slug, query), query);
  });

  test("400: a platform that is not here", async () => {
    const { query } = await comeBack("square");
    await expectStranger(await call("nowhere", query), query);
  });

  test("400: in the reader's language", async () => {
    next.jar.set("latchkey-locale", "ar");
    expect(await (await call("square", "code=1")).text()).toContain('<html lang="ar" dir="rtl"');
  });

  test("405: HEAD spends nothing, the flow still completes (S-23)", async () => {
    const { attemptId, query } = await comeBack("square");
    const response = await HEAD();
    expect(response.status).toBe(405);
    expect(response.headers.get("allow")).toBe("GET");
    expect(await attemptOf(attemptId)).toMatchObject({ status: "open" });
    expect((await call("square", query)).status).toBe(303);
  });

  test("503: the database is gone; once it is back, the same address works", async () => {
    const { attemptId, query } = await comeBack("square");
    const response = await whileClosed(address(), () => call("square", query));
    expect(response.status).toBe(503);
    const html = await response.text();
    expect(html).not.toContain(query.get("code"));
    expect(html).not.toContain(query.get("state"));
    expect(html).not.toMatch(/\.ts:|node_modules/);
    expect((await call("square", query)).headers.get("location")).toBe(`${BASE_URL}/connect/result/${attemptId}`);
  });
});
