import { sql } from "drizzle-orm";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { database } from "@/db/client";
import type { UserActor } from "@/lib/auth/actor";
import { exchange } from "@/lib/connections/exchange";
import { receiveAnswer } from "@/lib/connections/receive-answer";
import { moveClock, resetClock } from "@/tests/auth/people";
import { useEnv } from "@/tests/auth/set-env";
import { useDatabase } from "@/tests/support/database";
import { aMerchant, approve, attemptOf, connect, connected, type Platforms, type RedirectSlug, start } from "@/tests/support/journey";
import { BASE_URL, platforms } from "@/tests/support/platforms";
import { sweep } from "@/tests/support/sweep";

useEnv({ LATCHKEY_URL: BASE_URL });
useDatabase();

const redirects: RedirectSlug[] = ["noon", "ultracart", "square", "oauth2"];
const at: Platforms = platforms();
let mona: UserActor;
let yusuf: UserActor;

/** Calls that send something of the merchant's: everything but consent pages and metadata. */
const sent = () =>
  redirects
    .flatMap((slug) => at.simulators[slug].ledger.calls)
    .filter((call) => !["authorize", "consent", "decide", "metadata", "login"].includes(call.name)).length;

beforeAll(async () => {
  mona = await aMerchant("Riyadh shop");
  yusuf = await aMerchant("Jeddah shop");
});
beforeEach(async () => {
  // Every test starts with no store connected anywhere: the simulated shops are few.
  await database().execute(sql`update connections set status = 'revoked', access = null, renewal = null`);
  await database().execute(sql`delete from attempts`);
  (globalThis as { latchkeyOffers?: unknown }).latchkeyOffers = at.offers;
  for (const simulator of Object.values(at.simulators)) simulator.ledger.clear();
  at.faults.length = 0;
});
afterEach(resetClock);

describe("a callback that this browser did not ask for sends nothing to any platform", () => {
  it("S-02: login CSRF: the victim opens the attacker's callback", async () => {
    const attackers = await start(at, yusuf, "square");
    const query = await approve(at, "square", attackers.url);
    const victims = await start(at, mona, "square");
    expect(await receiveAnswer("square", query, victims.cookie, mona)).toEqual({ kind: "stranger" });
    expect((await attemptOf(attackers.attemptId)).status).toBe("open");
    expect(sent()).toBe(0);
    const own = await approve(at, "square", victims.url);
    expect((await receiveAnswer("square", own, victims.cookie, mona)).kind).toBe("result");
  });

  it("S-02: the right person in another browser, and another person in the right browser", async () => {
    const begun = await start(at, mona, "square");
    const query = await approve(at, "square", begun.url);
    expect(await receiveAnswer("square", query, () => undefined, mona)).toEqual({ kind: "stranger" });
    expect(await receiveAnswer("square", query, () => "guessed", mona)).toEqual({ kind: "stranger" });
    expect(await receiveAnswer("square", query, begun.cookie, yusuf)).toEqual({ kind: "stranger" });
    expect((await attemptOf(begun.attemptId)).status).toBe("open");
    expect(sent()).toBe(0);
  });

  it.each(redirects.flatMap((of) => redirects.filter((path) => path !== of).map((path) => [of, path] as const)))(
    "S-09: the state of %s on the path of %s",
    async (of, path) => {
      const begun = await start(at, mona, of);
      const query = await approve(at, of, begun.url);
      expect(await receiveAnswer(path, query, begun.cookie, mona)).toEqual({ kind: "stranger" });
      expect((await attemptOf(begun.attemptId)).status).toBe("open");
      expect(sent()).toBe(0);
    },
  );

  it("C-05: a state that is missing, unknown or of an attempt that is gone (C-11)", async () => {
    const begun = await start(at, mona, "oauth2");
    const query = await approve(at, "oauth2", begun.url);
    const without = new URLSearchParams(query);
    without.delete("state");
    expect(await receiveAnswer("oauth2", without, begun.cookie, mona)).toEqual({ kind: "stranger" });
    expect(await receiveAnswer("oauth2", new URLSearchParams({ code: "x", state: "unknown" }), begun.cookie, mona)).toEqual({
      kind: "stranger",
    });
    expect(await receiveAnswer("oauth2", new URLSearchParams({ error: "access_denied" }), begun.cookie, mona)).toEqual({
      kind: "stranger",
    });
    await database().execute(sql`delete from attempts where id = ${begun.attemptId}`);
    expect(await receiveAnswer("oauth2", query, begun.cookie, mona)).toEqual({ kind: "stranger" });
    expect(sent()).toBe(0);
  });

  it.each([
    "code=a&code=b&state=S",
    "code[]=a&state=S",
    "code=a&state=S&state=S",
    "code=a&error=access_denied&state=S",
    "CODE=a&code=b&state=S",
    `code=${"x".repeat(5_000)}&state=S`,
    "iss=a&iss=b&code=a&state=S",
  ])("S-16: %s is refused before anything", async (text) => {
    const begun = await start(at, mona, "oauth2");
    const state = new URL(begun.url).searchParams.get("state") ?? "";
    expect(await receiveAnswer("oauth2", new URLSearchParams(text.replaceAll("S", state)), begun.cookie, mona)).toEqual({
      kind: "stranger",
    });
    expect(sent()).toBe(0);
  });

  it("C-06: a callback eleven minutes later: its own result page, no token call", async () => {
    const begun = await start(at, mona, "square");
    const query = await approve(at, "square", begun.url);
    await moveClock("11 minutes");
    expect(await receiveAnswer("square", query, begun.cookie, mona)).toEqual({ kind: "result", attemptId: begun.attemptId, linkId: null });
    await exchange(mona, begun.attemptId, at.open);
    expect((await attemptOf(begun.attemptId)).outcome).toBe("timed_out");
    expect(sent()).toBe(0);
  });
});

describe("what came back instead of a code", () => {
  it.each(redirects)("C-02/C-14: %s: the merchant refuses: nothing is sent, the store that is connected stays", async (slug) => {
    const shop = await aMerchant(`Refusing ${slug}`);
    const row = await connected(at, shop, slug);
    const calls = at.simulators[slug].ledger.calls.length;
    const begun = await start(at, shop, slug, { connectionId: row.id });
    const query = await approve(at, slug, begun.url, undefined, "deny");
    await receiveAnswer(slug, query, begun.cookie, shop);
    const attempt = await attemptOf(begun.attemptId);
    expect(attempt.outcome).toBe(slug === "noon" ? "nothing" : "denied");
    expect(at.simulators[slug].ledger.calls.slice(calls).filter((call) => /token/.test(call.name))).toEqual([]);
    expect((await connectedRow(row.id))?.status).toBe("active");
  });

  it.each([
    ["oauth2", "server_error", "refused"],
    ["oauth2", "temporarily_unavailable", "unreachable"],
    ["oauth2", "invalid_scope", "our_fault"],
    ["oauth2", "<script>alert(1)</script>", "refused"],
    ["ultracart", "invalid_request", "timed_out"],
  ] as const)("C-03/C-04: %s answers %s: %s", async (slug, error, outcome) => {
    const begun = await start(at, mona, slug);
    const state = new URL(begun.url).searchParams.get("state") ?? "";
    const received = await receiveAnswer(
      slug,
      new URLSearchParams({ error, state, error_description: "<b>x</b>", iss: at.simulators.oauth2.issuer }),
      begun.cookie,
      mona,
    );
    expect(received.kind).toBe("result");
    const attempt = await attemptOf(begun.attemptId);
    expect(attempt).toMatchObject({ outcome, verifier: null, answer: null });
    expect(attempt.troubleCode ?? "").not.toContain("<");
    expect(sent()).toBe(0);
  });

  it("S-10: an issuer that is not the platform's is not believed", async () => {
    const begun = await start(at, mona, "oauth2");
    const query = await approve(at, "oauth2", begun.url);
    query.set("iss", "https://evil.example");
    await receiveAnswer("oauth2", query, begun.cookie, mona);
    await exchange(mona, begun.attemptId, at.open);
    expect((await attemptOf(begun.attemptId)).outcome).toBe("not_matched");
    expect(sent()).toBe(0);
  });

  it("S-11/C-13: a platform that was edited meanwhile cancels the attempt", async () => {
    const begun = await start(at, mona, "square");
    const query = await approve(at, "square", begun.url);
    (globalThis as { latchkeyOffers?: unknown }).latchkeyOffers = at.offers.map((offer) => ({ ...offer, fingerprint: "edited" }));
    await receiveAnswer("square", query, begun.cookie, mona);
    await exchange(mona, begun.attemptId, at.open);
    expect((await attemptOf(begun.attemptId)).outcome).toBe("cancelled");
    expect(sent()).toBe(0);
  });
});

describe("one code, one sending", () => {
  it.each(redirects)("C-07/S-22: %s: 50 copies of one callback and every reload: one exchange", async (slug) => {
    const shop = await aMerchant(`Fifty ${slug}`);
    const begun = await start(at, shop, slug);
    const query = await approve(at, slug, begun.url);
    const copies = await Promise.all(Array.from({ length: 50 }, () => receiveAnswer(slug, query, begun.cookie, shop)));
    expect(copies.every((copy) => copy.kind === "result" && copy.attemptId === begun.attemptId)).toBe(true);
    await Promise.all(Array.from({ length: 20 }, () => exchange(shop, begun.attemptId, at.open)));
    await sweep(at.open);
    await exchange(shop, begun.attemptId, at.open);
    expect((await attemptOf(begun.attemptId)).outcome).toBe("connected");
    const redeemed = at.simulators[slug].ledger.calls.filter((call) =>
      ["token", "token/create", "authorization_code", "token.authorization_code"].includes(call.name),
    );
    expect(redeemed.map((call) => call.status)).toEqual([200]);
  });

  it("C-08: signed out on the way back: held sealed, not taken by the job, exchanged for the same person only", async () => {
    const shop = await aMerchant("Signed out");
    const begun = await start(at, shop, "square");
    const query = await approve(at, "square", begun.url);
    expect((await receiveAnswer("square", query, begun.cookie, null)).kind).toBe("result");
    const held = await attemptOf(begun.attemptId);
    expect(held.answer).toMatch(/^lk1\./);
    await moveClock("20 seconds");
    await sweep(at.open);
    expect((await attemptOf(begun.attemptId)).status).toBe("answered");
    await expect(exchange(yusuf, begun.attemptId, at.open)).rejects.toMatchObject({ status: 404 });
    await exchange(shop, begun.attemptId, at.open);
    expect((await attemptOf(begun.attemptId)).outcome).toBe("connected");
  });

  it("a tab that was closed: the job takes the exchange over after ten seconds, not before", async () => {
    const shop = await aMerchant("Closed tab");
    const begun = await start(at, shop, "oauth2");
    const query = await approve(at, "oauth2", begun.url);
    await receiveAnswer("oauth2", query, begun.cookie, shop);
    await sweep(at.open);
    expect((await attemptOf(begun.attemptId)).status).toBe("answered");
    await moveClock("11 seconds");
    await sweep(at.open);
    expect((await attemptOf(begun.attemptId)).outcome).toBe("connected");
  });

  it("C-01: an abandoned consent leaves nothing behind", async () => {
    const shop = await aMerchant("Abandons");
    const begun = await start(at, shop, "oauth2");
    await moveClock("11 minutes");
    await sweep(at.open);
    expect(await attemptOf(begun.attemptId)).toMatchObject({ status: "finished", outcome: "timed_out", verifier: null, answer: null });
    expect((await connect(at, shop, "oauth2")).outcome).toBe("connected");
  });

  it("M19: one form sent twice is one attempt; for a reconnect the newer attempt wins", async () => {
    const shop = await aMerchant("Double");
    const first = await start(at, shop, "square", { attemptId: "att_00000000000000000009" });
    const second = await start(at, shop, "square", { attemptId: "att_00000000000000000009" });
    expect(second.attemptId).toBe(first.attemptId);
    const row = await connected(at, shop, "square");
    const older = await start(at, shop, "square", { connectionId: row.id });
    const newer = await start(at, shop, "square", { connectionId: row.id });
    expect(await attemptOf(older.attemptId)).toMatchObject({ outcome: "replaced", resultId: newer.attemptId });
  });
});

async function connectedRow(id: string) {
  const { findConnection } = await import("@/db/connections");
  return findConnection(database(), id);
}
