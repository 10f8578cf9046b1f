import { sql } from "drizzle-orm";
import { afterEach, beforeEach, expect, vi } from "vitest";
import { activatePending } from "@/db/activate";
import { database, transaction } from "@/db/client";
import { type Connection, findConnection, insertPending } from "@/db/connections";
import { newId } from "@/db/new-id";
import type { UserActor } from "@/lib/auth/actor";
import { makeIo, type OpenIo } from "@/lib/connections/open-io";
import { receiveAnswer } from "@/lib/connections/receive-answer";
import { sealIssued } from "@/lib/connections/sealed-grant";
import { testConnection } from "@/lib/connections/test-connection";
import type { Io } from "@/lib/providers/contract";
import { moveClock, resetClock } from "@/tests/auth/people";
import { aMerchant, approve, type Platforms, type RedirectSlug, type Started, start } from "@/tests/support/journey";
import { platforms } from "@/tests/support/platforms";

export const redirects: readonly RedirectSlug[] = ["noon", "ultracart", "square", "oauth2"];

/** Two of each platform's simulated stores. */
export const stores: Record<RedirectSlug, [string, string]> = {
  noon: ["PRJ410001", "PRJ410002"],
  ultracart: ["RIYAD", "JEDDA"],
  square: ["MLRIYADH00001", "MLJEDDAH00002"],
  oauth2: ["acct-riyadh", "acct-jeddah"],
};

/** The platforms' names for the call that redeems a code. */
const REDEEMS = new Set(["token", "token/create", "token.authorization_code"]);
/** What a browser or our own description of the platform asks for; nothing of the merchant's is in it. */
const HARMLESS = new Set(["authorize", "consent", "decide", "metadata", "login", "oauth/consent"]);

type Fetch = Io["fetch"];

/** Waits for what other work brings about, however slow the machine is. */
export async function until(what: () => boolean): Promise<void> {
  for (const end = performance.now() + 60_000; !what(); await new Promise((resolve) => setTimeout(resolve, 5)))
    if (performance.now() > end) throw new Error(`It did not come to pass: ${what}`);
}

/** Takes everything away but people and merchants, and with `keeping` also no connection and nothing that one needs. */
export async function emptied(keeping = false): Promise<void> {
  await database().execute(
    sql`with a as (delete from attempts), e as (delete from events), i as (delete from incidents), g as (delete from gates),
      n as (delete from notices) select 1`,
  );
  if (!keeping) await database().execute(sql`with c as (delete from connections), s as (delete from platform_sessions) select 1`);
}

/**
 * The steps that fault cases are told in, on an empty database: before each test of the file, with fresh platforms, or with `keeping`
 * only once, and then no more than attempts and events are taken away between two tests.
 */
export function faultWorld({ keeping = false } = {}) {
  const held: { at: Platforms } = { at: platforms() };
  let serial = 0;
  // Many rounds in one test, and no test here is about time: a busy machine may take as long as it needs.
  vi.setConfig({ testTimeout: 300_000, hookTimeout: 120_000 });

  beforeEach(async () => {
    if (!keeping) held.at = platforms();
    held.at.skew.ms = 0;
    held.at.faults.length = 0;
    for (const simulator of Object.values(held.at.simulators)) simulator.ledger.clear();
    (globalThis as { latchkeyOffers?: unknown }).latchkeyOffers = held.at.offers;
    await emptied(keeping);
  });
  afterEach(resetClock);

  const shop = (name = "Shop") => aMerchant(`${name} ${++serial}`);

  async function row(id: string): Promise<Connection> {
    const found = await findConnection(database(), id);
    if (!found) throw new Error("The row is gone");
    return found;
  }

  /** Moves the database's clock and the platforms' alike. */
  async function pass(seconds: number): Promise<void> {
    await moveClock(`${seconds} seconds`);
    held.at.skew.ms += seconds * 1000;
  }

  /** Everything up to the callback; the exchange is the test's. */
  async function answered(
    slug: RedirectSlug,
    more: { actor?: UserActor; store?: string | undefined; connectionId?: string; present?: boolean } = {},
  ): Promise<Started & { actor: UserActor; id: string; query: URLSearchParams }> {
    const actor = more.actor ?? (await shop());
    const begun = await start(held.at, actor, slug, more.connectionId ? { connectionId: more.connectionId } : {});
    const query = await approve(held.at, slug, begun.url, more.store);
    const received = await receiveAnswer(slug, query, begun.cookie, more.present === false ? null : actor);
    expect(received.kind).toBe("result");
    return { ...begun, actor, id: begun.attemptId, query };
  }

  /** A connected store of the standard platform, with tokens that it has issued, without the whole way of connecting. */
  async function standardStore(owner: UserActor, account: string): Promise<Connection> {
    const { state, ledger } = held.at.simulators.oauth2;
    const scopes = ["openid", "orders.read"];
    const [access, refreshToken] = [ledger.canary("access"), ledger.canary("refresh")];
    state.families[account] = { id: account, sub: account, scopes, ended: false };
    state.access[access] = { family: account, scopes, endsAt: Date.now() + held.at.skew.ms + 3_600_000 };
    state.refresh[refreshToken] = { family: account, used: false };
    const at = { id: newId("con"), merchantId: owner.merchants[0]?.id ?? "" };
    const issued = { access, renewal: JSON.stringify({ v: 1, refreshToken }), expiresAt: null, scopes };
    const about = { offer: "oauth2", provider: "oauth2", environment: "production", label: null, attemptId: null };
    const proven = { accountId: account, accountLabel: null, environment: "production", scopes, connectedBy: owner.id };
    await transaction(async (tx) => {
      await insertPending(tx, { ...at, ...about }, sealIssued(issued, at, []));
      await activatePending(tx, at.id, { ...proven, nextRefreshAt: null, expiresAt: null, proved: true, nextProofS: 36_000 });
    });
    return row(at.id);
  }

  /** An `OpenIo` whose way out is wrapped: `wrap` sees every call and its answer. */
  const through =
    (wrap: (fetch: Fetch) => Fetch): OpenIo =>
    (offer, context) =>
      makeIo(offer, context, wrap(held.at.fetch));

  /** An `OpenIo` whose holder is slow: the answers of a path are kept back until they are let go. */
  function heldBack(path: string) {
    const release: (() => void)[] = [];
    const open: OpenIo = async (offer, context) => {
      const io = await held.at.open(offer, context);
      const fetch: Fetch = async (url, init) => {
        const answer = await io.fetch(url, init);
        if (url.includes(path)) await new Promise<void>((resolve) => release.push(resolve));
        return answer;
      };
      return { ...io, fetch };
    };
    return {
      open,
      /** The first answer has come and is kept back. */
      arrived: () => until(() => release.length > 0),
      /** Lets everything go until the work is done. */
      letGo: async (work: Promise<unknown>): Promise<void> => {
        let going = true;
        const ended = work.finally(() => {
          going = false;
        });
        await until(() => {
          for (const go of release.splice(0)) go();
          return !going;
        });
        await ended;
      },
    };
  }

  const calls = (slug: keyof Platforms["simulators"], name: RegExp) =>
    held.at.simulators[slug].ledger.calls.filter((call) => name.test(call.name));
  /** How often a code reached the platform. */
  const redeemed = (slug: RedirectSlug) => held.at.simulators[slug].ledger.calls.filter((call) => REDEEMS.has(call.name));
  /** Everything that reached a platform with something of the merchant's in it. */
  const sent = () =>
    Object.values(held.at.simulators)
      .flatMap((simulator) => simulator.ledger.calls)
      .filter((call) => !HARMLESS.has(call.name));

  /** A connection is exactly as it was. How it stands is worked out from that anew, now and then. */
  async function same(before: Connection): Promise<void> {
    const { state: _state, stateChangesAt: _until, stateSince: _since, noReturnAt: _end, ownerNeededAt: _needed, ...facts } = before;
    expect(await row(before.id)).toMatchObject(facts);
  }

  /** And works. */
  async function untouched(before: Connection, owner: UserActor): Promise<void> {
    await same(before);
    expect(await testConnection(owner, before.id, held.at.open)).toEqual({ kind: "works", unproved: false });
  }

  async function told(of: { attempt?: string; connection?: string }): Promise<string[]> {
    const found = await database().execute<{ kind: string }>(
      sql`select kind from events where attempt_id is not distinct from coalesce(${of.attempt ?? null}, attempt_id)
        and connection_id is not distinct from coalesce(${of.connection ?? null}, connection_id) order by id`,
    );
    return found.rows.map(({ kind }) => kind);
  }

  /** Sealed values that attempts still hold. */
  async function secretsInAttempts(): Promise<number> {
    const found = await database().execute<{ held: number }>(
      sql`select coalesce(sum(num_nonnulls(answer, verifier)), 0)::int as held from attempts`,
    );
    return found.rows[0]?.held ?? -1;
  }

  return {
    get at() {
      return held.at;
    },
    shop,
    row,
    pass,
    answered,
    standardStore,
    through,
    heldBack,
    calls,
    redeemed,
    sent,
    same,
    untouched,
    told,
    secretsInAttempts,
  };
}
