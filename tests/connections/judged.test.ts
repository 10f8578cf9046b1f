import { sql } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { database } from "@/db/client";
import { type Connection, findConnection } from "@/db/connections";
import type { UserActor } from "@/lib/auth/actor";
import { beginConsent } from "@/lib/connections/begin-consent";
import { exchange } from "@/lib/connections/exchange";
import { makeIo, type OpenIo } from "@/lib/connections/open-io";
import { receiveAnswer } from "@/lib/connections/receive-answer";
import { renew } from "@/lib/connections/renew";
import { revoke } from "@/lib/connections/revoke";
import { openGrant } from "@/lib/connections/sealed-grant";
import { show } from "@/lib/connections/show";
import type { Offer } from "@/lib/offers/offer";
import { type Oauth2Settings, oauth2 } from "@/lib/providers/oauth2";
import { moveClock, resetClock } from "@/tests/auth/people";
import { useEnv } from "@/tests/auth/set-env";
import { type GithubShaped, githubShaped } from "@/tests/judges/github-shaped";
import { type GoogleShaped, googleShaped } from "@/tests/judges/google-shaped";
import { approveAt } from "@/tests/providers/worlds/approve-at";
import type { Simulator } from "@/tests/simulators/simulator";
import { useDatabase } from "@/tests/support/database";
import { empty } from "@/tests/support/empty";
import { aMerchant, attemptOf, connectionOf, staff } from "@/tests/support/journey";
import { BASE_URL } from "@/tests/support/platforms";
import { sweep } from "@/tests/support/sweep";

useEnv({ LATCHKEY_URL: BASE_URL });
useDatabase();

// What the product makes of platforms that are shaped like GitHub and Google: each status it shows has to be true.
const CALLBACK = `${BASE_URL}/api/oauth/shaped/callback`;
const RIYADH = "106289769395363482359";
const JEDDAH = "106289769395363482360";
const clock = { aheadMs: 0 };
const world = { origin: "https://shaped.test", now: () => new Date(Date.now() + clock.aheadMs) };
let platform: Simulator;
let mona: UserActor;

const open: OpenIo = (offer, context) =>
  makeIo(offer, context, (url, init) => platform.handle(new Request(url, { redirect: "manual", ...init })));

function offerOf(settings: Oauth2Settings): void {
  const fingerprint = JSON.stringify({ ...settings, clientSecret: undefined });
  const offer: Offer = { slug: "shaped", name: settings.name, provider: oauth2(settings), fingerprint };
  (globalThis as { latchkeyOffers?: readonly Offer[] }).latchkeyOffers = [offer];
}

async function connect(actor: UserActor, store: string, more: { connectionId?: string } = {}): Promise<Connection> {
  const begun = await beginConsent(actor, { offer: "shaped", ...more }, open);
  const query = await approveAt(platform, begun.url, store);
  await receiveAnswer("shaped", query, () => begun.browserSecret, actor);
  await exchange(actor, begun.attemptId, open);
  return connectionOf(await attemptOf(begun.attemptId));
}

async function pass(seconds: number): Promise<void> {
  clock.aheadMs += seconds * 1000;
  await moveClock(`${seconds} seconds`);
}

const shown = async (row: Connection) => (await show(mona, row.id)).connection;
const now = async (row: Connection) => (await findConnection(database(), row.id)) as Connection;

beforeEach(async () => {
  clock.aheadMs = 0;
  await empty("connections", "attempts", "gates", "platform_sessions", "merchants", "users");
  mona = await aMerchant("Riyadh shop");
});
afterEach(resetClock);

describe("a GitHub-shaped platform", () => {
  let github: GithubShaped;
  beforeEach(() => {
    github = githubShaped(world, CALLBACK);
    platform = github;
    offerOf(github.settings);
  });

  it("an access without an end has an unknown life, not an endless one, and its revocation is left to a person", async () => {
    const row = await connect(mona, "583231");
    expect(await shown(row)).toMatchObject({
      state: "healthy",
      scopes: ["repo", "gist"],
      expiresAt: null,
      renewable: false,
      policy: "none",
    });
    expect(await shown(row)).toMatchObject({ renewsAt: null, ownerEndAt: null });
    await pass(8 * 86_400);
    expect(await shown(row)).toMatchObject({ state: "unknown", word: "not_checked" });
    await revoke(mona, { connectionId: row.id }, open);
    expect(await now(row)).toMatchObject({ status: "revoked", revokeConfirmed: "local", access: null });
  });
});

describe("a Google-shaped platform", () => {
  let google: GoogleShaped;
  beforeEach(() => {
    google = googleShaped(world, [CALLBACK]);
    platform = google;
    offerOf(google.settings);
  });

  /** As if an admin had left out `prompt=consent`. */
  const withoutPrompt = () => offerOf({ ...google.settings, authorizeParams: { access_type: "offline" } });

  it("renews for as long as Google lets it, with the one refresh token that it gave", async () => {
    const row = await connect(mona, RIYADH);
    for (let round = 0; round < 2; round += 1) {
      await pass(3_000);
      expect(await renew(mona, row.id, open)).toEqual({ kind: "renewed" });
    }
    expect(openGrant(await now(row)).renewal).toBe(openGrant(row).renewal);
    expect(await shown(row)).toMatchObject({ state: "healthy", renewable: true, policy: "refresh_token" });
    await revoke(mona, { connectionId: row.id }, open);
    expect(await now(row)).toMatchObject({ status: "revoked", revokeConfirmed: "remote" });
  });

  it("X-09: where Google gave no refresh token, the store is told to be ending, and to have ended", async () => {
    // The account had been connected before, somewhere else, with the same client.
    withoutPrompt();
    const elsewhere = await connect(mona, RIYADH);
    await database().execute(sql`delete from connections where id = ${elsewhere.id}`);
    const row = await connect(mona, RIYADH);
    expect(row).toMatchObject({ renewal: null, renewable: false });
    const view = await shown(row);
    expect(view).toMatchObject({ renewable: false, policy: "none", renewsAt: null, state: "healthy" });
    expect(view.ownerEndAt).toEqual(view.expiresAt);
    await pass(2_000);
    expect(await shown(row)).toMatchObject({ state: "expiring_soon", word: "needs_you" });
    await pass(1_600);
    expect(await shown(row)).toMatchObject({ state: "needs_reconnect", word: "needs_you" });
  });

  it("a second consent without a prompt takes no refresh token away: the one that is held goes on", async () => {
    withoutPrompt();
    const row = await connect(mona, RIYADH);
    const again = await connect(mona, RIYADH, { connectionId: row.id });
    expect(again.id).toBe(row.id);
    const [before, after] = [openGrant(row), openGrant(again)];
    expect([after.access === before.access, after.renewal === before.renewal]).toEqual([false, true]);
    expect(await shown(again)).toMatchObject({ state: "healthy", renewable: true, policy: "refresh_token" });
    // Had it been spent just then, the doubt would stay with it: it might be good for one use only.
    await database().execute(sql`update connections set sent_at = app_now() where id = ${row.id}`);
    await connect(mona, RIYADH, { connectionId: row.id });
    expect(await renew(mona, row.id, open)).toEqual({ kind: "busy" });
    await pass(1_900);
    await sweep(open);
    expect(openGrant(await now(row)).access).not.toBe(after.access);
    // One that Google refused is not kept: then only what the new consent brings counts.
    google.removeAtGoogle(RIYADH);
    await renew(mona, row.id, open);
    expect(await shown(row)).toMatchObject({ state: "needs_reconnect" });
    offerOf({ ...google.settings, authorizeParams: {} });
    expect(await connect(mona, RIYADH, { connectionId: row.id })).toMatchObject({ id: row.id, renewal: null, renewable: false });
    withoutPrompt();
    const anew = await connect(mona, RIYADH, { connectionId: row.id });
    expect(openGrant(anew).renewal).not.toBe(before.renewal);
    expect(await renew(mona, row.id, open)).toEqual({ kind: "renewed" });
  });

  it("X-22: where nobody can say whose access came back, no refresh token of another account renews it", async () => {
    const scopes = ["https://www.googleapis.com/auth/content"];
    offerOf({ ...google.settings, scopes });
    const row = await connect(mona, RIYADH);
    expect(row).toMatchObject({ accountId: null, renewable: true });
    offerOf({ ...google.settings, scopes, authorizeParams: {} });
    const other = await connect(mona, JEDDAH, { connectionId: row.id });
    expect(other).toMatchObject({ id: row.id, renewal: null, renewable: false });
  });

  it("giving back what another merchant could not connect does not end the connection that stands", async () => {
    const row = await connect(mona, RIYADH);
    const yusuf = await aMerchant("Jeddah shop");
    const parked = await connect(yusuf, RIYADH);
    expect(parked).toMatchObject({ status: "pending", troubleCode: "held_elsewhere" });
    const sara = await staff("support");
    expect((await revoke(sara, { connectionId: parked.id, reason: "not theirs" }, open)).kind).toBe("revoked");
    expect(google.ledger.count("POST /revoke")).toBe(0);
    expect(await renew(mona, row.id, open)).toEqual({ kind: "renewed" });
  });
});
