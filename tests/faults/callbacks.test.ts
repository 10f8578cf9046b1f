import { sql } from "drizzle-orm";
import { beforeEach, describe, expect, it } from "vitest";
import { database } from "@/db/client";
import type { Connection } from "@/db/connections";
import type { UserActor } from "@/lib/auth/actor";
import { exchange } from "@/lib/connections/exchange";
import { receiveAnswer } from "@/lib/connections/receive-answer";
import { showAttempt } from "@/lib/connections/show-attempt";
import { useEnv } from "@/tests/auth/set-env";
import { useDatabase } from "@/tests/support/database";
import { approve, attemptOf, connected, type Started, start } from "@/tests/support/journey";
import { BASE_URL } from "@/tests/support/platforms";
import { sweep } from "@/tests/support/sweep";
import { faultWorld, redirects } from "./steps";

useEnv({ LATCHKEY_URL: BASE_URL });
useDatabase();
const world = faultWorld({ keeping: true });

type Offers = { latchkeyOffers?: readonly { slug: string }[] };
const holder = globalThis as Offers;

describe.each(redirects)("%s: what comes back instead of a code that may be sent", (slug) => {
  let mona: UserActor;
  let kept: Connection;
  let begun: Started;

  beforeEach(async () => {
    mona ??= await world.shop("Mona");
    kept = kept ? await world.row(kept.id) : await connected(world.at, mona, slug);
    begun = await start(world.at, mona, slug, { connectionId: kept.id });
    for (const simulator of Object.values(world.at.simulators)) simulator.ledger.clear();
  });

  const stateOf = ({ url }: Started) => new URL(url).searchParams.get("state") ?? "";
  const come = (query: URLSearchParams, actor: UserActor | null = mona) => receiveAnswer(slug, query, begun.cookie, actor);
  const said = (error: string) => new URLSearchParams({ error, state: stateOf(begun), iss: world.at.simulators.oauth2.issuer });

  /** The attempt ended so, nothing was sent to any platform, the store that was to be reconnected is as it was, and the change is told. */
  async function ended(outcome: string, event: string, troubleCode?: string | null): Promise<void> {
    await exchange(mona, begun.attemptId, world.at.open);
    await world.pass(20);
    await sweep(world.at.open);
    const attempt = await attemptOf(begun.attemptId);
    expect(attempt).toMatchObject({ status: "finished", outcome, answer: null, verifier: null });
    if (troubleCode !== undefined) expect(attempt.troubleCode).toBe(troubleCode);
    expect(await showAttempt(mona, begun.attemptId)).toMatchObject({ outcome, store: { id: kept.id }, reconnecting: true });
    expect(world.sent()).toEqual([]);
    expect(await world.told({ attempt: begun.attemptId })).toEqual(["attempt.started", event]);
    await world.untouched(kept, mona);
  }

  /** Refused as nothing of this browser's: the attempt goes on as if nothing had come, and is finished by its own answer. */
  async function stranger(query: URLSearchParams, actor: UserActor | null = mona): Promise<void> {
    expect(await come(query, actor)).toEqual({ kind: "stranger" });
    expect(world.sent()).toEqual([]);
    expect(await attemptOf(begun.attemptId)).toMatchObject({ status: "open", answer: null });
    expect(await world.told({ attempt: begun.attemptId })).toEqual(["attempt.started"]);
    await world.same(kept);
  }

  /** A new attempt has a state and a verifier of its own. */
  async function startsAnew(): Promise<Started> {
    const before = await attemptOf(begun.attemptId);
    const again = await start(world.at, mona, slug, { connectionId: kept.id });
    const after = await attemptOf(again.attemptId);
    expect(stateOf(again)).not.toBe(stateOf(begun));
    expect(after.stateHash).not.toBe(before.stateHash);
    const challenge = ({ url }: Started) => new URL(url).searchParams.get("code_challenge");
    if (slug === "oauth2") expect(challenge(again)).not.toBe(challenge(begun));
    expect(after.verifier !== null).toBe(slug === "oauth2");
    return again;
  }

  it("C-02: the merchant denies", async () => {
    const query = await approve(world.at, slug, begun.url, undefined, "deny");
    expect(await come(query)).toEqual({ kind: "result", attemptId: begun.attemptId, linkId: null });
    // One platform sends a refusal back without a word.
    const silent = !query.has("error");
    expect(silent).toBe(slug === "noon");
    await ended(silent ? "nothing" : "denied", silent ? "attempt.nothing" : "attempt.denied", silent ? null : "access_denied");
    const again = await startsAnew();
    await receiveAnswer(slug, await approve(world.at, slug, again.url), again.cookie, mona);
    await exchange(mona, again.attemptId, world.at.open);
    expect((await attemptOf(again.attemptId)).outcome).toBe("renewed");
  });

  it.each([
    ["server_error", "refused"],
    ["temporarily_unavailable", "unreachable"],
  ])("C-03: the platform has a problem: %s", async (error, outcome) => {
    expect((await come(said(error))).kind).toBe("result");
    await ended(outcome, `attempt.${outcome}`, error);
    await startsAnew();
  });

  it("C-04: invalid_request is the platform's word for an expired link at one platform, and our fault at the others", async () => {
    expect((await come(said("invalid_request"))).kind).toBe("result");
    const outcome = slug === "ultracart" ? "timed_out" : "our_fault";
    await ended(outcome, `attempt.${outcome}`, "invalid_request");
    await startsAnew();
  });

  it("C-05: an error without a state, with a state that nobody made, and with another browser's", async () => {
    const yusuf = await world.shop("Yusuf");
    const theirs = await start(world.at, yusuf, slug);
    await stranger(new URLSearchParams({ error: "access_denied" }));
    await stranger(new URLSearchParams({ error: "access_denied", state: "x".repeat(43) }));
    // The victim's attempt is not ended from another browser, and not by its own state either.
    await stranger(new URLSearchParams({ error: "access_denied", state: stateOf(theirs) }));
    expect(await receiveAnswer(slug, said("access_denied"), theirs.cookie, yusuf)).toEqual({ kind: "stranger" });
    expect(await attemptOf(theirs.attemptId)).toMatchObject({ status: "open" });
    expect(await world.told({ attempt: theirs.attemptId })).toEqual(["attempt.started"]);
    expect((await come(await approve(world.at, slug, begun.url))).kind).toBe("result");
    await exchange(mona, begun.attemptId, world.at.open);
    expect((await attemptOf(begun.attemptId)).outcome).toBe("renewed");
  });

  it("C-06: a good code that comes eleven minutes later", async () => {
    const query = await approve(world.at, slug, begun.url);
    await world.pass(660);
    expect(await come(query)).toEqual({ kind: "result", attemptId: begun.attemptId, linkId: null });
    expect((await come(query)).kind).toBe("result");
    await ended("timed_out", "attempt.timed_out");
    await startsAnew();
  });

  it("C-06: a good code that was kept in time, and that nobody sent in time", async () => {
    const query = await approve(world.at, slug, begun.url);
    await come(query, null);
    await world.pass(660);
    await exchange(mona, begun.attemptId, world.at.open);
    await sweep(world.at.open);
    expect(await attemptOf(begun.attemptId)).toMatchObject({ outcome: "timed_out", answer: null, verifier: null });
    expect(world.sent()).toEqual([]);
    await world.untouched(kept, mona);
  });

  it("C-11: the attempt is gone when its answer comes: a restart, and nothing is sent", async () => {
    const query = await approve(world.at, slug, begun.url);
    await database().execute(sql`delete from attempts where id = ${begun.attemptId}`);
    expect(await come(query)).toEqual({ kind: "stranger" });
    await expect(exchange(mona, begun.attemptId, world.at.open)).rejects.toMatchObject({ status: 404 });
    await expect(showAttempt(mona, begun.attemptId)).rejects.toMatchObject({ status: 404 });
    await sweep(world.at.open);
    expect(world.sent()).toEqual([]);
    await world.untouched(kept, mona);
    expect((await start(world.at, mona, slug, { connectionId: kept.id })).attemptId).not.toBe(begun.attemptId);
  });

  it("C-13: the platform was set up anew meanwhile: cancelled before anything is sent", async () => {
    const query = await approve(world.at, slug, begun.url);
    holder.latchkeyOffers = world.at.offers.map((offer) => (offer.slug === slug ? { ...offer, fingerprint: "edited" } : offer));
    expect((await come(query)).kind).toBe("result");
    await exchange(mona, begun.attemptId, world.at.open);
    holder.latchkeyOffers = world.at.offers;
    await ended("cancelled", "attempt.cancelled", "offer_changed");
    await startsAnew();
  });

  it("C-13: the platform was taken away meanwhile: cancelled too, and said so", async () => {
    const query = await approve(world.at, slug, begun.url);
    holder.latchkeyOffers = world.at.offers.filter((offer) => offer.slug !== slug);
    expect((await come(query)).kind).toBe("result");
    await exchange(mona, begun.attemptId, world.at.open);
    expect(await showAttempt(mona, begun.attemptId)).toMatchObject({ outcome: "cancelled" });
    holder.latchkeyOffers = world.at.offers;
    await ended("cancelled", "attempt.cancelled", "offer_missing");
  });

  it.each(["edited", "taken away"])("C-13: the platform was %s after its answer had come: the code is not sent", async (how) => {
    await come(await approve(world.at, slug, begun.url));
    holder.latchkeyOffers =
      how === "edited"
        ? world.at.offers.map((offer) => ({ ...offer, fingerprint: "edited" }))
        : world.at.offers.filter((offer) => offer.slug !== slug);
    await exchange(mona, begun.attemptId, world.at.open);
    holder.latchkeyOffers = world.at.offers;
    const troubleCode = how === "edited" ? "offer_changed" : "offer_missing";
    expect(await attemptOf(begun.attemptId)).toMatchObject({
      status: "finished",
      outcome: "cancelled",
      troubleCode,
      answer: null,
      verifier: null,
    });
    expect(world.sent()).toEqual([]);
    expect(await world.told({ attempt: begun.attemptId })).toEqual(["attempt.started", "attempt.answered", "attempt.cancelled"]);
    await world.untouched(kept, mona);
  });

  it("C-14: a good state with neither code nor error, and with an empty code", async () => {
    expect((await come(new URLSearchParams({ state: stateOf(begun), code: "", iss: world.at.simulators.oauth2.issuer }))).kind).toBe(
      "result",
    );
    await ended("nothing", "attempt.nothing");
    begun = await start(world.at, mona, slug, { connectionId: kept.id });
    for (const simulator of Object.values(world.at.simulators)) simulator.ledger.clear();
    const bare = new URLSearchParams({ state: stateOf(begun), iss: world.at.simulators.oauth2.issuer });
    expect((await come(bare)).kind).toBe("result");
    await exchange(mona, begun.attemptId, world.at.open);
    expect(await attemptOf(begun.attemptId)).toMatchObject({ outcome: "nothing", verifier: null });
    expect(world.sent()).toEqual([]);
  });

  it("C-14: no parameters at all", () => stranger(new URLSearchParams()));
});
