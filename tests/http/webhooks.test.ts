import { sql } from "drizzle-orm";
import { beforeEach, describe, expect, it } from "vitest";
import * as route from "@/app/api/webhooks/[provider]/route";
import { database } from "@/db/client";
import { newId } from "@/db/new-id";
import { settled } from "@/lib/in-flight";
import { useEnv } from "@/tests/auth/set-env";
import { useDatabase, whileClosed } from "@/tests/support/database";
import { empty } from "@/tests/support/empty";
import { claimed, keptNotices, outcomes, post, requestOf, type Sent, signed, told } from "@/tests/support/notices";
import { BASE_URL, platforms } from "@/tests/support/platforms";

useEnv({ LATCHKEY_URL: BASE_URL });
const address = useDatabase();

let at = platforms();
const some = (eventId?: string) => claimed(at, "MLRIYADH00001", new Date(), eventId);

beforeEach(async () => {
  at = platforms();
  (globalThis as { latchkeyFetch?: unknown }).latchkeyFetch = at.fetch;
  await empty("notices");
});

/** Nothing but the status is told. */
async function answer(response: Promise<Response>): Promise<number> {
  const { status, headers, body } = await response;
  expect([body, headers.get("cache-control")]).toEqual([null, "no-store"]);
  await settled(30_000);
  return status;
}

/** Notices of an offer that nobody has come to yet, and will not for an hour. */
const waiting = (count: number, offer = "square") =>
  database().execute(sql`
    insert into notices (id, offer, event_id, kind, account_id, happened_at, next_at)
    select ${newId("note")} || n, ${offer}, 'waiting-' || n, 'revoked', 'ML' || n, app_now(), app_now() + interval '1 hour'
    from generate_series(1, ${count}::int) n`);

describe("a platform's notice", () => {
  it("200: is kept before it is acknowledged, whatever Origin or address it came by", async () => {
    const { body, headers } = some();
    expect(await answer(post({ url: "http://10.0.0.7:3000/api/webhooks/square?x=1", body, headers }))).toBe(200);
    const one = some();
    expect(await answer(post({ ...one, headers: { ...one.headers, origin: "https://elsewhere.example" } }))).toBe(200);
    expect(await outcomes()).toEqual(["unknown_account", "unknown_account"]);
  });

  it("200: a repeated one changes nothing", async () => {
    const one = some();
    expect([await answer(post(one)), await answer(post(one)), ...(await told(one, one, one))]).toEqual([200, 200, 200, 200, 200]);
    expect(await keptNotices()).toMatchObject([{ tries: 1, outcome: "unknown_account" }]);
  });

  it.each([
    ["another event", JSON.stringify({ type: "payment.created", event_id: "e", merchant_id: "ML1", created_at: "2026-11-21T09:00:00Z" })],
    ["one without its seller", JSON.stringify({ type: "oauth.authorization.revoked", event_id: "e", created_at: "2026-11-21T09:00:00Z" })],
    ["one without a time", JSON.stringify({ type: "oauth.authorization.revoked", event_id: "e", merchant_id: "ML1", data: "none" })],
    ["no JSON", "revoked"],
    ["nothing that has members", "null"],
  ])("200: %s is acknowledged and not kept", async (_what, body) => {
    expect(await answer(post(signed(at.webhookKey, body)))).toBe(200);
    expect(await keptNotices()).toEqual([]);
  });

  it("401: one that is not the platform's", async () => {
    const one = some();
    expect(await answer(post({ ...one, body: `${one.body} ` }))).toBe(401);
    expect(await answer(post({ ...one, headers: {} }))).toBe(401);
    expect(await answer(post(signed(at.webhookKey, "")))).toBe(401);
    expect(await keptNotices()).toEqual([]);
  });

  it("404: a platform that is not there, and one that tells nothing", async () => {
    for (const slug of ["elsewhere", "noon", "norce", "ultracart", "oauth2", "__proto__"])
      expect(await answer(post(some(), slug))).toBe(404);
    const offer = at.offers.find(({ slug }) => slug === "square");
    if (offer) offer.provider = { ...offer.provider, notice: undefined };
    expect(await answer(post(some()))).toBe(404);
    expect(await keptNotices()).toEqual([]);
  });

  it("405: only POST is there", () => expect(Object.keys(route)).toEqual(["POST"]));

  it("413: more than 64 KiB, announced or not, of which no more is read", async () => {
    const large = signed(at.webhookKey, JSON.stringify({ type: "x", padding: "x".repeat(65_536) }));
    expect(await answer(post(large))).toBe(413);
    let read = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        read += 4_096;
        controller.enqueue(new Uint8Array(4_096));
      },
    });
    const request = new Request(large.url, { method: "POST", body: endless, headers: large.headers, duplex: "half" } as RequestInit);
    expect(await answer(route.POST(request, { params: Promise.resolve({ provider: "square" }) }))).toBe(413);
    expect(read).toBeLessThan(65_536 * 2);
    let begun = false;
    const untouched = new ReadableStream<Uint8Array>(
      {
        pull() {
          begun = true;
        },
      },
      { highWaterMark: 0 },
    );
    const announced = requestOf(some());
    const headers = new Headers([...announced.headers, ["content-length", "70000"]]);
    const message = { headers, body: untouched } as unknown as Request;
    expect(await answer(route.POST(message, { params: Promise.resolve({ provider: "square" }) }))).toBe(413);
    expect(begun).toBe(false);
    const fits = signed(at.webhookKey, JSON.stringify({ type: "x", padding: "x".repeat(65_536 - 25) }));
    expect(fits.body).toHaveLength(65_536);
    expect(await answer(post(fits))).toBe(200);
  });

  it("W-05: 503: a thousand wait already; what is known is acknowledged, and another platform's are none of it", async () => {
    await waiting(1_000);
    const full = await post(some());
    expect([full.status, full.headers.get("retry-after")]).toEqual([503, "60"]);
    expect(await answer(post(some("waiting-7")))).toBe(200);
    expect(await keptNotices()).toHaveLength(1_000);
    await database().execute(sql`update notices set done_at = app_now() where event_id = 'waiting-7'`);
    expect(await answer(post(some()))).toBe(200);
    await empty("notices");
    await waiting(1_000, "elsewhere");
    expect(await answer(post(some()))).toBe(200);
  });

  it("503: the database is gone, so nothing is acknowledged; the repeated delivery is kept", async () => {
    const one: Sent = some();
    const response = await whileClosed(address(), () => post(one));
    expect([response.status, response.headers.get("retry-after")]).toEqual([503, "60"]);
    expect(await answer(post(one))).toBe(200);
    expect(await outcomes()).toEqual(["unknown_account"]);
  });
});
