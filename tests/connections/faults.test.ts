import { sql } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { claimExchange } from "@/db/attempts";
import { database } from "@/db/client";
import { findConnection } from "@/db/connections";
import { beginConsent } from "@/lib/connections/begin-consent";
import { chooseAccount } from "@/lib/connections/choose-account";
import { connectCredentials } from "@/lib/connections/connect-credentials";
import { exchange } from "@/lib/connections/exchange";
import { importGrant } from "@/lib/connections/import-grant";
import { receiveAnswer } from "@/lib/connections/receive-answer";
import { renew } from "@/lib/connections/renew";
import { revoke } from "@/lib/connections/revoke";
import { showAttempt } from "@/lib/connections/show-attempt";
import { testConnection } from "@/lib/connections/test-connection";
import { moveClock, resetClock } from "@/tests/auth/people";
import { setEnv, useEnv } from "@/tests/auth/set-env";
import { useDatabase } from "@/tests/support/database";
import { empty } from "@/tests/support/empty";
import { aMerchant, approve, attemptOf, connect, connected, norceValues, type RedirectSlug, staff, start } from "@/tests/support/journey";
import { BASE_URL, platforms } from "@/tests/support/platforms";
import { sweep } from "@/tests/support/sweep";

useEnv({ LATCHKEY_URL: BASE_URL });
useDatabase();

let at = platforms();
let serial = 0;
const shop = () => aMerchant(`Shop ${++serial}`);
const row = async (id: string) => {
  const found = await findConnection(database(), id);
  if (!found) throw new Error("The row is gone");
  return found;
};
const calls = (slug: keyof typeof at.simulators, name: RegExp) => at.simulators[slug].ledger.calls.filter((call) => name.test(call.name));

beforeEach(async () => {
  at = platforms();
  await empty("connections", "attempts", "gates", "platform_sessions", "incidents");
});
afterEach(resetClock);

/** Everything up to the callback; the exchange is the test's. */
async function answered(slug: RedirectSlug, connectionId?: string) {
  const actor = await shop();
  const begun = await start(at, actor, slug, connectionId ? { connectionId } : {});
  const query = await approve(at, slug, begun.url);
  await receiveAnswer(slug, query, begun.cookie, actor);
  return { actor, id: begun.attemptId };
}

describe("exchange", () => {
  it("X-01: nothing was sent: the same code is tried again, at most three times", async () => {
    const { actor, id } = await answered("square");
    at.faults.push({ kind: "unreachable", calls: 2 });
    await exchange(actor, id, at.open);
    expect((await attemptOf(id)).status).toBe("answered");
    for (let round = 0; round < 2; round += 1) {
      await moveClock("11 seconds");
      await sweep(at.open);
    }
    expect((await attemptOf(id)).outcome).toBe("connected");

    const second = await answered("oauth2");
    at.faults.push({ kind: "unreachable", match: "token" });
    for (let round = 0; round < 5; round += 1) {
      await exchange(second.actor, second.id, at.open);
      await moveClock("5 seconds");
    }
    expect(await attemptOf(second.id)).toMatchObject({ outcome: "unreachable", tries: 3, answer: null });
  });

  it("X-02: 429 with Retry-After waits it out when the attempt lives long enough", async () => {
    const { actor, id } = await answered("square");
    at.faults.push({ kind: "status", status: 429, headers: { "retry-after": "30" }, calls: 1 });
    await exchange(actor, id, at.open);
    await moveClock("12 seconds");
    await sweep(at.open);
    expect((await attemptOf(id)).status).toBe("answered");
    await moveClock("20 seconds");
    await sweep(at.open);
    expect((await attemptOf(id)).outcome).toBe("connected");

    const long = await answered("oauth2");
    at.faults.push({ kind: "status", status: 429, headers: { "retry-after": "999999" }, calls: 1, match: "token" });
    await exchange(long.actor, long.id, at.open);
    expect((await attemptOf(long.id)).outcome).toBe("unreachable");
  });

  it.each(["status", "reset-after-issuing", "html"] as const)(
    "X-03/X-04/X-05/X-06: %s leaves the code in doubt: it is never sent again",
    async (kind) => {
      const { actor, id } = await answered("square");
      at.faults.push(kind === "status" ? { kind, status: 500, calls: 1 } : { kind, calls: 1 });
      await exchange(actor, id, at.open);
      expect(await attemptOf(id)).toMatchObject({ outcome: "unreachable", answer: null });
      await moveClock("1 minute");
      await sweep(at.open);
      await exchange(actor, id, at.open);
      expect(calls("square", /^token$/).length).toBeLessThanOrEqual(1);
    },
  );

  it("a process that died after sending: in doubt, told so, never sent again", async () => {
    const { actor, id } = await answered("oauth2");
    expect(await claimExchange(database(), id, "lease_dead", 30)).not.toBeNull();
    await exchange(actor, id, at.open);
    await moveClock("31 seconds");
    await sweep(at.open);
    expect(await attemptOf(id)).toMatchObject({ outcome: "unreachable", troubleCode: "outcome_unknown" });
    expect(calls("oauth2", /token/)).toHaveLength(0);
  });

  it("X-19: the key that sealed the code is missing here: nothing is sent, and with the key it goes on", async () => {
    const { actor, id } = await answered("square");
    const keys = process.env.LATCHKEY_KEYS ?? "";
    setEnv({ LATCHKEY_KEYS: `other:${Buffer.from(Array.from({ length: 32 }, (_, i) => (i * 37 + 11) % 256)).toString("base64")}` });
    await exchange(actor, id, at.open);
    expect(calls("square", /^token$/)).toHaveLength(0);
    setEnv({ LATCHKEY_KEYS: keys });
    await moveClock("12 seconds");
    await sweep(at.open);
    expect((await attemptOf(id)).outcome).toBe("connected");
  });

  it("X-21: one store, two merchants at once: one has it, the other learns nothing, both sides stay as they are", async () => {
    const [first, second] = [await answered("square"), await answered("square")];
    await Promise.all([exchange(first.actor, first.id, at.open), exchange(second.actor, second.id, at.open)]);
    const outcomes = await Promise.all([attemptOf(first.id), attemptOf(second.id)]);
    expect(outcomes.map((attempt) => attempt.outcome).sort()).toEqual(["connected", "held_elsewhere"]);
    const loser = outcomes.find((attempt) => attempt.outcome === "held_elsewhere");
    const told = await showAttempt(loser?.id === first.id ? first.actor : second.actor, loser?.id ?? "");
    expect(told).toMatchObject({ store: null, other: null });
    expect((await row(loser?.resultId ?? "")).access).not.toBeNull();
  });

  it("X-23: our own client secret is wrong: our fault, nobody's store is touched", async () => {
    const kept = await connected(at, await shop(), "oauth2");
    at.simulators.oauth2.rotateClientSecret();
    const { actor, id } = await answered("oauth2");
    await exchange(actor, id, at.open);
    expect((await attemptOf(id)).outcome).toBe("our_fault");
    const admin = await staff("admin");
    expect((await renew(admin, kept.id, at.open)).kind).toBe("failed");
    expect(await row(kept.id)).toMatchObject({ status: "active", trouble: null, failures: 0 });
  });

  it("X-13: Noon between its steps: what was issued is committed, and the job carries on from there", async () => {
    const { actor, id } = await answered("noon");
    at.faults.push({ kind: "unreachable", match: "token/exchange", calls: 1 });
    await exchange(actor, id, at.open);
    const pending = await attemptOf(id);
    expect(pending.status).toBe("issued");
    expect((await showAttempt(actor, id)).progress).toEqual({ verified: true, exchanged: true, stored: false, checked: false });
    await moveClock("1 minute");
    at.skew.ms = 60_000;
    await sweep(at.open);
    expect((await attemptOf(id)).outcome).toBe("connected");
    expect(calls("noon", /^token\/create$/)).toHaveLength(1);
    expect(calls("noon", /^token\/exchange$/)).toHaveLength(1);
  });

  it("X-16: Noon loses the answer of token/exchange: two minutes of doubt, then one try, then the truth", async () => {
    const { actor, id } = await answered("noon");
    at.faults.push({ kind: "reset-after-issuing", match: "token/exchange", calls: 1 });
    await exchange(actor, id, at.open);
    await moveClock("1 minute");
    await sweep(at.open);
    expect(calls("noon", /^token\/exchange$/)).toHaveLength(1);
    await moveClock("2 minutes");
    await sweep(at.open);
    expect(calls("noon", /^token\/exchange$/)).toHaveLength(2);
    expect((await attemptOf(id)).outcome).toBe("refused");
    await moveClock("10 minutes");
    await sweep(at.open);
    expect(calls("noon", /^token\/exchange$/)).toHaveLength(2);
  });
});

describe("another account comes back", () => {
  async function wrongStore() {
    const actor = await shop();
    const kept = await connected(at, actor, "square", "MLRIYADH00001");
    const attempt = await connect(at, actor, "square", "MLJEDDAH00002", { connectionId: kept.id });
    return { actor, kept, attempt };
  }

  it("M15/C-10: it is parked and asked about; the old one is served on", async () => {
    const { actor, kept, attempt } = await wrongStore();
    expect(attempt.outcome).toBe("different_account");
    expect(await showAttempt(actor, attempt.id)).toMatchObject({ store: { id: kept.id, name: "Riyadh shop" }, other: "Jeddah shop" });
    expect(await row(kept.id)).toMatchObject({ status: "active", generation: kept.generation });
  });

  it("M15: add makes it a store of its own", async () => {
    const { actor, kept, attempt } = await wrongStore();
    await chooseAccount(actor, { attemptId: attempt.id, choice: "add" }, at.open);
    const after = await attemptOf(attempt.id);
    expect(after.outcome).toBe("connected");
    expect(await row(after.resultId ?? "")).toMatchObject({ status: "active", accountId: "MLJEDDAH00002" });
    expect((await row(kept.id)).status).toBe("active");
    await expect(chooseAccount(actor, { attemptId: attempt.id, choice: "keep" }, at.open)).rejects.toMatchObject({ status: 409 });
  });

  it("M15: keep gives the parked grant back and leaves the old one alone", async () => {
    const { actor, kept, attempt } = await wrongStore();
    await chooseAccount(actor, { attemptId: attempt.id, choice: "keep" }, at.open);
    expect((await attemptOf(attempt.id)).outcome).toBe("abandoned");
    expect(await row(attempt.resultId ?? "")).toMatchObject({ status: "revoked", access: null, renewal: null });
    expect(calls("square", /^revoke$/)).toHaveLength(1);
    expect(await testConnection(actor, kept.id, at.open)).toEqual({ kind: "works", unproved: false });
  });

  it("S-30: the same store again is the same row, renewed", async () => {
    const actor = await shop();
    const first = await connected(at, actor, "square");
    const again = await connect(at, actor, "square");
    expect(again).toMatchObject({ outcome: "renewed", resultId: first.id });
  });

  it("a parked grant that nobody decides on is given back after a day", async () => {
    const { attempt } = await wrongStore();
    await moveClock("25 hours");
    await sweep(at.open);
    expect((await attemptOf(attempt.id)).outcome).toBe("abandoned");
    expect(await row(attempt.resultId ?? "")).toMatchObject({ status: "revoked", access: null, renewal: null });
  });
});

describe("renewal", () => {
  it("R-01: fifty callers on one grant that can be spent once: one call, and everybody is told the truth", async () => {
    const actor = await shop();
    const kept = await connected(at, actor, "oauth2");
    // They name the access that they found wanting: whoever comes when it is over asks for nothing new.
    const results = await Promise.all(Array.from({ length: 50 }, () => renew(actor, kept.id, at.open, kept.generation)));
    for (const { kind } of results) expect(["renewed", "busy"]).toContain(kind);
    expect(results.some(({ kind }) => kind === "renewed")).toBe(true);
    expect(calls("oauth2", /token\.refresh_token/)).toHaveLength(1);
    expect(await testConnection(actor, kept.id, at.open)).toMatchObject({ kind: "works" });
  });

  it("R-09: a lost answer is doubt: nobody spends for two minutes, then once, and a refusal then needs the owner", async () => {
    const actor = await shop();
    const kept = await connected(at, actor, "oauth2");
    at.faults.push({ kind: "reset-after-issuing", match: "token", calls: 1 });
    expect(await renew(actor, kept.id, at.open)).toMatchObject({ kind: "failed", trouble: "doubt" });
    expect(await renew(actor, kept.id, at.open)).toEqual({ kind: "busy" });
    await moveClock("3 minutes");
    expect(await renew(actor, kept.id, at.open)).toMatchObject({ kind: "failed", trouble: "reconnect" });
    expect((await row(kept.id)).status).toBe("reconnect");
    expect(calls("oauth2", /token\.refresh_token/)).toHaveLength(2);
  });

  /** An `open` whose answers are held back one by one: `release[n]` lets the nth go. */
  function heldBack() {
    const release: (() => void)[] = [];
    const open: typeof at.open = async (offer, context) => {
      const io = await at.open(offer, context);
      return {
        ...io,
        fetch: async (url, init) => {
          const answer = await io.fetch(url, init);
          await new Promise<void>((resolve) => release.push(resolve));
          return answer;
        },
      };
    };
    return { open, release };
  }

  it.each(["first", "second"] as const)(
    "R-05/I6: the lease is lost during the call and the token was rotated (the %s answer arrives first): nothing won is lost",
    async (order) => {
      at.simulators.oauth2.switches.reuseEndsFamily = false;
      const actor = await shop();
      const kept = await connected(at, actor, "oauth2");
      const { open, release } = heldBack();
      const holder = renew(actor, kept.id, open);
      await expect.poll(() => release.length).toBe(1);
      await moveClock("3 minutes");
      // The next one takes the lease over after the doubt and is refused: the first one's call has spent the token.
      const next = renew(actor, kept.id, open);
      await expect.poll(() => release.length).toBe(2);
      const [one, two] = order === "first" ? [0, 1] : [1, 0];
      release[one]?.();
      await (order === "first" ? holder : Promise.race([next, new Promise((resolve) => setTimeout(resolve, 300))]));
      release[two]?.();
      await vi.waitUntil(() => {
        for (const go of release.slice(2)) go();
        return Promise.race([
          Promise.all([holder, next]).then(() => true),
          new Promise<false>((resolve) => setTimeout(resolve, 20, false)),
        ]);
      });
      expect((await row(kept.id)).status).toBe("active");
      expect(await testConnection(actor, kept.id, at.open)).toEqual({ kind: "works", unproved: false });
      expect(await renew(actor, kept.id, at.open)).toEqual({ kind: "renewed" });
    },
  );

  it("I5: outages never demote", async () => {
    const actor = await shop();
    const kept = await connected(at, actor, "square");
    for (const fault of [{ kind: "status", status: 503 } as const, { kind: "html" } as const, { kind: "unreachable" } as const]) {
      at.faults.push({ ...fault, calls: 1 });
      await renew(actor, kept.id, at.open);
    }
    expect(await row(kept.id)).toMatchObject({ status: "active", failures: 3 });
    expect(await renew(actor, kept.id, at.open)).toEqual({ kind: "renewed" });
    expect(await row(kept.id)).toMatchObject({ failures: 0, trouble: null });
  });

  it("a refusal of the platform needs the owner; a reconnect mends the same row", async () => {
    const actor = await shop();
    const kept = await connected(at, actor, "square");
    at.simulators.square.revokeAtPlatform(kept.accountId ?? "");
    expect(await testConnection(actor, kept.id, at.open)).toMatchObject({ kind: "failed", trouble: "reconnect" });
    expect((await row(kept.id)).status).toBe("reconnect");
    expect((await connected(at, actor, "square", undefined, { connectionId: kept.id })).id).toBe(kept.id);
    expect(await row(kept.id)).toMatchObject({ status: "active", trouble: null });
  });

  it("due renewals are done by the sweep", async () => {
    const actor = await shop();
    const kept = await connected(at, actor, "square");
    await moveClock("7 days 1 hour");
    at.skew.ms = 7 * 86_400_000 + 3_600_000;
    await sweep(at.open);
    expect((await row(kept.id)).generation).toBe(kept.generation + 1);
  });
});

describe("revocation", () => {
  it("V-02: the platform is down: served no more at once, told as not confirmed, retried, then erased", async () => {
    const actor = await shop();
    const kept = await connected(at, actor, "square");
    at.faults.push({ kind: "status", status: 503, match: "revoke", calls: 2 });
    expect((await revoke(actor, { connectionId: kept.id }, at.open)).kind).toBe("revoking");
    expect(await row(kept.id)).toMatchObject({ status: "revoking", revokeTries: 1 });
    expect((await renew(actor, kept.id, at.open)).kind).toBe("cannot");
    for (let round = 0; round < 2; round += 1) {
      await moveClock("1 hour");
      await sweep(at.open);
    }
    expect(await row(kept.id)).toMatchObject({ status: "revoked", revokeConfirmed: "remote", access: null, renewal: null });
  });

  it("V-04: a lost answer is repeated harmlessly", async () => {
    const actor = await shop();
    const kept = await connected(at, actor, "oauth2");
    at.faults.push({ kind: "reset-after-issuing", match: "revoke", calls: 1 });
    expect((await revoke(actor, { connectionId: kept.id }, at.open)).kind).toBe("revoking");
    await moveClock("1 hour");
    await sweep(at.open);
    expect((await row(kept.id)).status).toBe("revoked");
  });

  it("V-05: a full revocation at a platform that ends siblings: the parked twin is found out by asking", async () => {
    const actor = await shop();
    const other = await shop();
    const kept = await connected(at, actor, "square");
    const twin = await connect(at, other, "square");
    expect(twin.outcome).toBe("held_elsewhere");
    await revoke(actor, { connectionId: kept.id }, at.open);
    expect(await row(kept.id)).toMatchObject({ status: "revoked", revokeConfirmed: "remote" });
    expect(await row(twin.resultId ?? "")).toMatchObject({ status: "revoked", revokeConfirmed: "sibling", access: null });
  });

  it("V-06: a renewal that answers after the revocation began: its fresh grant is ended too", async () => {
    const actor = await shop();
    const kept = await connected(at, actor, "oauth2");
    let go: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      go = resolve;
    });
    const slow: typeof at.open = async (offer, context) => {
      const io = await at.open(offer, context);
      return {
        ...io,
        fetch: async (url, init) => {
          const answer = await io.fetch(url, init);
          await held;
          return answer;
        },
      };
    };
    const renewing = renew(actor, kept.id, slow);
    await expect.poll(() => calls("oauth2", /token\.refresh_token/).length).toBe(1);
    await revoke(actor, { connectionId: kept.id }, at.open);
    go();
    await renewing;
    const left = await database().execute(sql`select id from grants where connection_id = ${kept.id}`);
    expect(left.rows).toEqual([]);
    expect((await row(kept.id)).status).toBe("revoked");
    expect(Object.values(at.simulators.oauth2.state.families).filter((family) => !family.ended)).toEqual([]);
  });

  it("V-09: twenty at once: one call to the platform, one revocation, every reason kept", async () => {
    const kept = await connected(at, await shop(), "square");
    const people = await Promise.all(Array.from({ length: 4 }, () => staff("support")));
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        revoke(people[index % 4] as (typeof people)[0], { connectionId: kept.id, reason: `reason ${index}` }, at.open),
      ),
    );
    expect(answers.filter((answer) => answer.kind !== "already")).toHaveLength(1);
    expect(calls("square", /^revoke$/)).toHaveLength(1);
    const reasons = await database().execute(
      sql`select reason from events where connection_id = ${kept.id} and kind like 'connection.revoke%' and reason is not null`,
    );
    expect(reasons.rows).toHaveLength(20);
  });

  it("V-07: a platform without a call: erased here, and told so", async () => {
    const actor = await shop();
    const kept = await connected(at, actor, "norce");
    expect((await revoke(actor, { connectionId: kept.id }, at.open)).kind).toBe("revoked");
    expect(await row(kept.id)).toMatchObject({ revokeConfirmed: "local", access: null, renewal: null });
    const sessions = await database().execute(sql`select id from platform_sessions`);
    expect(sessions.rows).toEqual([]);
  });

  it("a token-only revocation is an explicit other choice, and only where it exists", async () => {
    const actor = await shop();
    const kept = await connected(at, actor, "square");
    expect((await revoke(actor, { connectionId: kept.id, reach: "token" }, at.open)).kind).toBe("revoked");
    expect(await row(kept.id)).toMatchObject({ revokeReach: "token" });
    const standard = await connected(at, actor, "oauth2");
    await expect(revoke(actor, { connectionId: standard.id, reach: "token" }, at.open)).rejects.toMatchObject({ status: 422 });
  });
});

describe("sessions and pace are the installation's", () => {
  it("the same Norce client with a wrong secret is refused while another merchant's token is cached", async () => {
    await connected(at, await shop(), "norce");
    const thief = await shop();
    const submitted = await connectCredentials(
      thief,
      { offer: "norce", values: { ...norceValues(at), client_secret: "00000000-0000-4000-8000-000000000000" } },
      at.open,
    );
    expect(submitted).toMatchObject({ kind: "refused", fields: { client_secret: "wrong_secret" } });
    expect(
      (
        await database().execute(
          sql`select id from connections where merchant_id = ${thief.merchants[0]?.id ?? ""} and (access is not null or renewal is not null or status <> 'revoked')`,
        )
      ).rows,
    ).toEqual([]);
    expect(
      (
        await database().execute(
          sql`select id from platform_sessions where merchant_id = ${thief.merchants[0]?.id ?? ""} and value is not null`,
        )
      ).rows,
    ).toEqual([]);
  });

  it("two of a merchant's Norce connections share one token, which is erased with the last", async () => {
    const actor = await shop();
    const first = await connected(at, actor, "norce");
    const values = { ...norceValues(at), application_id: "1043" };
    const second = await connectCredentials(actor, { offer: "norce", values }, at.open);
    if (second.kind !== "attempt") throw new Error("refused");
    expect(calls("norce", /token/)).toHaveLength(1);
    await revoke(actor, { connectionId: first.id }, at.open);
    const secondId = (await attemptOf(second.attemptId)).resultId ?? "";
    expect(await testConnection(actor, secondId, at.open)).toMatchObject({ kind: "works" });
    expect(calls("norce", /token/)).toHaveLength(1);
    await revoke(actor, { connectionId: secondId }, at.open);
    expect((await database().execute(sql`select id from platform_sessions`)).rows).toEqual([]);
  });

  it("P: UltraCart sees one call at a time, however many merchants come at once", async () => {
    const people = await Promise.all([answered("ultracart"), answered("ultracart"), answered("ultracart")]);
    await Promise.all(people.map(({ actor, id }) => exchange(actor, id, at.open)));
    expect(at.simulators.ultracart.ledger.calls.some((call) => call.status === 429)).toBe(false);
  });

  it("S-89: Norce's token budget is counted over everybody", async () => {
    const results: string[] = [];
    for (let index = 0; index < 24; index += 1) {
      const actor = await shop();
      const values = { ...norceValues(at), client_secret: `00000000-0000-4000-8000-${String(index).padStart(12, "0")}` };
      // Each wrong secret is a token call of its own.
      const submitted = await Promise.race([
        connectCredentials(actor, { offer: "norce", values }, at.open).then((answer) => answer.kind),
        new Promise<string>((resolve) => setTimeout(() => resolve("waits"), index < 20 ? 10_000 : 300)),
      ]);
      results.push(submitted);
    }
    expect(results.filter((kind) => kind === "refused")).toHaveLength(20);
    expect(at.simulators.norce.ledger.calls.some((call) => call.status === 429)).toBe(false);
  });

  it("nobody is sent away for a merchant that is not theirs", async () => {
    const [actor, other] = [await shop(), await shop()];
    await expect(beginConsent({ ...actor, merchants: [] }, { offer: "square" }, at.open)).rejects.toMatchObject({ status: 404 });
    const { id: connectionId } = await connected(at, other, "square");
    for (const theirs of [{ merchantId: other.merchants[0]?.id ?? "" }, { connectionId }])
      await expect(beginConsent(actor, { offer: "square", ...theirs }, at.open)).rejects.toMatchObject({ status: 404 });
  });
});

describe("grants that exist already", () => {
  const bring = async (values: Record<string, string>) => {
    const admin = await staff("admin");
    const owner = await shop();
    const submitted = await importGrant(admin, { offer: "square", merchantId: owner.merchants[0]?.id ?? "", values }, at.open);
    return { owner, submitted };
  };

  it("a legacy token without a refresh token is proved, kept, and renewed by RenewToken while Square still has it", async () => {
    at.simulators.square.switches.renewWorks = true;
    const token = at.simulators.square.issueLegacy("MLRIYADH00001", 86_400);
    const { owner, submitted } = await bring({ access_token: token, refresh_token: "", migration: "none" });
    if (submitted.kind !== "attempt") throw new Error(JSON.stringify(submitted));
    const kept = await row((await attemptOf(submitted.attemptId)).resultId ?? "");
    expect(kept).toMatchObject({ status: "active", renewal: null, merchantId: owner.merchants[0]?.id });
    await moveClock("2 days");
    at.skew.ms = 2 * 86_400_000;
    expect(await testConnection(owner, kept.id, at.open)).toEqual({ kind: "works", unproved: false });
    expect(calls("square", /^renew$/).map((call) => call.status)).toEqual([200]);
  });

  it("migration_token turns a legacy token into a grant that renews by itself", async () => {
    const token = at.simulators.square.issueLegacy("MLRIYADH00001");
    const { submitted } = await bring({ access_token: token, refresh_token: "", migration: "migration_token" });
    if (submitted.kind !== "attempt") throw new Error(JSON.stringify(submitted));
    const kept = await row((await attemptOf(submitted.attemptId)).resultId ?? "");
    expect(kept.status).toBe("active");
    expect(kept.renewal).not.toBeNull();
  });

  it("a grant that does not work is refused by field and not kept", async () => {
    const { owner, submitted } = await bring({ access_token: "CNRY-not-a-token", refresh_token: "", migration: "none" });
    expect(submitted.kind).toBe("refused");
    expect(
      (
        await database().execute(
          sql`select id from connections where merchant_id = ${owner.merchants[0]?.id ?? ""} and (access is not null or renewal is not null or status <> 'revoked')`,
        )
      ).rows,
    ).toEqual([]);
  });

  it("only an admin brings grants", async () => {
    const owner = await shop();
    await expect(
      importGrant(owner, { offer: "square", merchantId: owner.merchants[0]?.id ?? "", values: {} }, at.open),
    ).rejects.toMatchObject({ status: 403 });
  });
});
