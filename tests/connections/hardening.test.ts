import { sql } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { database } from "@/db/client";
import { findConnection } from "@/db/connections";
import { chooseAccount } from "@/lib/connections/choose-account";
import { exchange } from "@/lib/connections/exchange";
import { importGrant } from "@/lib/connections/import-grant";
import { receiveAnswer } from "@/lib/connections/receive-answer";
import { renew } from "@/lib/connections/renew";
import { revoke } from "@/lib/connections/revoke";
import { show } from "@/lib/connections/show";
import { showAttempt } from "@/lib/connections/show-attempt";
import { testConnection } from "@/lib/connections/test-connection";
import { finishLapsed } from "@/lib/jobs/finish-lapsed";
import { stopLatchkey } from "@/lib/start-latchkey";
import { moveClock, resetClock } from "@/tests/auth/people";
import { useEnv } from "@/tests/auth/set-env";
import { useDatabase } from "@/tests/support/database";
import { empty } from "@/tests/support/empty";
import { aMerchant, approve, attemptOf, connect, connected, type RedirectSlug, staff, start } from "@/tests/support/journey";
import { BASE_URL, platforms } from "@/tests/support/platforms";
import { sweep } from "@/tests/support/sweep";

useEnv({ LATCHKEY_URL: BASE_URL });
useDatabase();

let at = platforms();
let serial = 0;
const shop = () => aMerchant(`Hard ${++serial}`);
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

async function answered(slug: RedirectSlug, connectionId?: string, who = shop()) {
  const actor = await who;
  const begun = await start(at, actor, slug, connectionId ? { connectionId } : {});
  const query = await approve(at, slug, begun.url);
  await receiveAnswer(slug, query, begun.cookie, actor);
  return { actor, id: begun.attemptId };
}

/** An `open` that waits after each answer of a path until it is let go. */
function held(path: string) {
  const release: (() => void)[] = [];
  const open: typeof at.open = async (offer, context) => {
    const io = await at.open(offer, context);
    return {
      ...io,
      fetch: async (url, init) => {
        const answer = await io.fetch(url, init);
        if (url.includes(path)) await new Promise<void>((resolve) => release.push(resolve));
        return answer;
      },
    };
  };
  return { open, release };
}

describe("what is let go takes nobody along", () => {
  it("a reconnect that fails on our own fault leaves the merchant's live Square connection alone", async () => {
    const actor = await shop();
    const kept = await connected(at, actor, "square");
    const { id } = await answered("square", kept.id, Promise.resolve(actor));
    at.faults.push({
      kind: "body",
      match: "token/status",
      calls: 1,
      status: 401,
      body: JSON.stringify({ errors: [{ category: "AUTHENTICATION_ERROR", code: "CLIENT_DISABLED" }] }),
    });
    await exchange(actor, id, at.open);
    expect((await attemptOf(id)).outcome).toBe("our_fault");
    await moveClock("25 hours");
    await sweep(at.open);
    expect(await testConnection(actor, kept.id, at.open)).toEqual({ kind: "works", unproved: false });
  });

  it("support ends a half-made Square row by its token only, and its attempt is told", async () => {
    const actor = await shop();
    const kept = await connected(at, actor, "square");
    const { id } = await answered("square", kept.id, Promise.resolve(actor));
    at.faults.push({ kind: "status", status: 503, match: "token/status", calls: 1 });
    await exchange(actor, id, at.open);
    const pending = (await attemptOf(id)).resultId ?? "";
    await revoke(await staff("support"), { connectionId: pending, reason: "stuck", reach: "token" }, at.open);
    expect((await attemptOf(id)).outcome).toBe("abandoned");
    expect(await testConnection(actor, kept.id, at.open)).toEqual({ kind: "works", unproved: false });
  });

  it("UltraCart has nothing narrower: a parked grant of a store that is live elsewhere is only forgotten here", async () => {
    const actor = await shop();
    const a = await connected(at, actor, "ultracart", "RIYAD");
    const b = await connected(at, actor, "ultracart", "JEDDA");
    const attempt = await connect(at, actor, "ultracart", "JEDDA", { connectionId: a.id });
    expect(attempt.outcome).toBe("different_account");
    await chooseAccount(actor, { attemptId: attempt.id, choice: "keep" }, at.open);
    expect(await testConnection(actor, b.id, at.open)).toMatchObject({ kind: "works" });
    expect((await row(attempt.resultId ?? "")).revokeConfirmed).toBe("local");
  });

  it("an import that cannot be proved destroys nothing at the platform", async () => {
    const actor = await shop();
    const kept = await connected(at, actor, "oauth2");
    const admin = await staff("admin");
    const [token] = Object.keys(at.simulators.oauth2.state.access);
    at.faults.push({ kind: "body", status: 401, match: "introspect", calls: 1, body: JSON.stringify({ error: "invalid_client" }) });
    await importGrant(admin, { offer: "oauth2", merchantId: actor.merchants[0]?.id ?? "", values: { access_token: token ?? "" } }, at.open);
    expect(calls("oauth2", /revoke/)).toHaveLength(0);
    expect(await testConnection(actor, kept.id, at.open)).toMatchObject({ kind: "works" });
  });
});

describe("nothing that was issued is lost", () => {
  it("S-115: a stop waits for the exchange in flight, and what it brings is stored", async () => {
    const { actor, id } = await answered("square");
    const { open, release } = held("/oauth2/token");
    const working = exchange(actor, id, open);
    await expect.poll(() => release.length).toBe(1);
    const { closeDatabase, openDatabase } = await import("@/db/client");
    const stopping = stopLatchkey();
    setTimeout(() => {
      for (const go of release) go();
    }, 200);
    const drain = setInterval(() => {
      for (const go of release) go();
    }, 50);
    await Promise.all([working, stopping]);
    clearInterval(drain);
    await closeDatabase();
    await openDatabase({ migrate: false });
    expect((await attemptOf(id)).outcome).toBe("connected");
  });

  it("V-06: a grant that arrives while the platform is being told is given back too", async () => {
    const actor = await shop();
    const kept = await connected(at, actor, "oauth2");
    const renewing = held("token");
    const revoking = held("revoke");
    const renewed = renew(actor, kept.id, renewing.open);
    await expect.poll(() => renewing.release.length).toBe(1);
    const revoked = revoke(actor, { connectionId: kept.id }, revoking.open);
    await expect.poll(() => revoking.release.length).toBe(1);
    renewing.release[0]?.();
    await renewed;
    const drain = setInterval(() => {
      for (const go of revoking.release) go();
    }, 20);
    await revoked;
    clearInterval(drain);
    await moveClock("2 minutes");
    await sweep(at.open);
    expect((await database().execute(sql`select id from grants`)).rows).toEqual([]);
    expect(Object.values(at.simulators.oauth2.state.families).filter((family) => !family.ended)).toEqual([]);
  });

  it("a late exchange revives an attempt that was given up, and the lapsing of one that moved on changes nothing", async () => {
    const { actor, id } = await answered("oauth2");
    const { open, release } = held("token");
    const working = exchange(actor, id, open);
    await expect.poll(() => release.length).toBe(1);
    await moveClock("1 minute");
    await finishLapsed(50);
    expect((await attemptOf(id)).troubleCode).toBe("outcome_unknown");
    release[0]?.();
    await working;
    expect((await attemptOf(id)).outcome).toBe("connected");
    await finishLapsed(50);
    expect((await attemptOf(id)).outcome).toBe("connected");
  });

  it("E10: support ends a half-made Noon row while its key is on the way: the key is kept until it is given back", async () => {
    const { actor, id } = await answered("noon");
    const { open, release } = held("token/exchange");
    const working = exchange(actor, id, open);
    await expect.poll(() => release.length).toBe(1);
    const pending = (await attemptOf(id)).resultId ?? "";
    await revoke(await staff("support"), { connectionId: pending, reason: "asked" }, at.open);
    release[0]?.();
    await working;
    await moveClock("10 minutes");
    at.skew.ms = 600_000;
    await sweep(at.open);
    expect(calls("noon", /credential\/remove|remove/).length).toBeGreaterThan(0);
    expect((await database().execute(sql`select id from grants`)).rows).toEqual([]);
    await moveClock("2 hours");
    await sweep(at.open);
    expect(await findConnection(database(), pending)).toBeNull();
  });
});

describe("nothing is stuck and nothing is hammered", () => {
  it("rows of a platform that is not configured any more starve nobody", async () => {
    const actor = await shop();
    const kept = await connected(at, actor, "square");
    await database().execute(sql`
      insert into connections (id, merchant_id, offer, provider, environment, status, next_refresh_at, connected_at)
      select 'con_' || lpad(n::text, 20, '0'), ${actor.merchants[0]?.id ?? ""}, 'gone', 'gone', 'production', 'active', app_now() - interval '1 day', app_now()
      from generate_series(1, 60) n`);
    await database().execute(sql`update connections set next_refresh_at = app_now() - interval '1 hour' where id = ${kept.id}`);
    await sweep(at.open);
    await sweep(at.open);
    expect((await row(kept.id)).generation).toBe(kept.generation + 1);
    // Nobody touches what nobody can renew, and nobody is asked to mend it.
    expect(await row("con_00000000000000000001")).toMatchObject({ status: "active", trouble: null, epoch: 0 });
  });

  it("a proof that keeps failing backs off", async () => {
    const { actor, id } = await answered("oauth2");
    at.faults.push({ kind: "status", status: 503, match: "introspect" }, { kind: "status", status: 503, match: "userinfo" });
    await exchange(actor, id, at.open);
    for (let round = 0; round < 6; round += 1) {
      await moveClock("2 hours");
      await sweep(at.open);
    }
    const pending = await row((await attemptOf(id)).resultId ?? "");
    expect(pending.failures).toBeGreaterThanOrEqual(6);
  });

  it("X-16: a doubtful exchange of Noon is repeated once and never again", async () => {
    const { actor, id } = await answered("noon");
    at.faults.push({ kind: "reset-after-issuing", match: "token/exchange" });
    await exchange(actor, id, at.open);
    for (let round = 0; round < 6; round += 1) {
      await moveClock("1 hour");
      at.skew.ms += 0;
      await sweep(at.open);
    }
    expect(calls("noon", /^token\/exchange$/).length).toBeLessThanOrEqual(2);
    expect((await attemptOf(id)).status).toBe("finished");
  });
});

describe("who may go on", () => {
  it("a person who left the merchant neither connects for it nor reads what became of it", async () => {
    const { actor, id } = await answered("square");
    const moved = { ...actor, merchants: [{ id: "mer_00000000000000000000", name: "Elsewhere" }] };
    await expect(exchange(moved, id, at.open)).rejects.toMatchObject({ status: 404 });
    await expect(showAttempt(moved, id)).rejects.toMatchObject({ status: 404 });
    await database().execute(sql`delete from memberships where user_id = ${actor.id}`);
    await moveClock("15 seconds");
    await sweep(at.open);
    expect((await attemptOf(id)).status).toBe("answered");
    expect(calls("square", /^token$/)).toHaveLength(0);
  });

  it("adding another store asks the platform again first", async () => {
    const actor = await shop();
    const kept = await connected(at, actor, "square", "MLRIYADH00001");
    const attempt = await connect(at, actor, "square", "MLJEDDAH00002", { connectionId: kept.id });
    at.simulators.square.revokeAtPlatform("MLJEDDAH00002");
    await chooseAccount(actor, { attemptId: attempt.id, choice: "add" }, at.open);
    expect((await attemptOf(attempt.id)).outcome).toBe("refused");
    expect((await row(kept.id)).status).toBe("active");
  });

  it.each(["con_\u0000", "con_x", "../../etc", "", "x".repeat(5_000)])("an id that is none is not there: %j", async (id) => {
    const actor = await shop();
    await expect(show(actor, id)).rejects.toMatchObject({ status: 404 });
    await expect(showAttempt(actor, id)).rejects.toMatchObject({ status: 404 });
  });

  it("S-40: a row that cannot be read is told to its owner, not thrown", async () => {
    const actor = await shop();
    const kept = await connected(at, actor, "oauth2");
    await database().execute(
      sql`update connections set access = overlay(access placing 'AAAA' from 60 for 4), renewal = overlay(renewal placing 'AAAA' from 60 for 4) where id = ${kept.id}`,
    );
    expect(await testConnection(actor, kept.id, at.open)).toMatchObject({ kind: "failed", trouble: "reconnect" });
    expect(await row(kept.id)).toMatchObject({ status: "reconnect", troubleCode: "unreadable" });
  });
});
