import { createHmac } from "node:crypto";
import { sql } from "drizzle-orm";
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { database } from "@/db/client";
import { platform } from "@/lib/auth/actor";
import { demote } from "@/lib/connections/demote";
import { exchange } from "@/lib/connections/exchange";
import { renew } from "@/lib/connections/renew";
import { revoke } from "@/lib/connections/revoke";
import { show } from "@/lib/connections/show";
import { takeNotice } from "@/lib/connections/take-notice";
import { testConnection } from "@/lib/connections/test-connection";
import { settled } from "@/lib/in-flight";
import { metrics } from "@/lib/telemetry/metrics";
import { useEnv } from "@/tests/auth/set-env";
import { faultWorld, stores } from "@/tests/faults/steps";
import { useDatabase } from "@/tests/support/database";
import { connect, connected, staff } from "@/tests/support/journey";
import { claimed, keptNotices, outbox, outcomes, post, removedAt, type Sent, signed, told } from "@/tests/support/notices";
import { BASE_URL, platforms, WEBHOOK_URL } from "@/tests/support/platforms";
import { sweep } from "@/tests/support/sweep";

useEnv({ LATCHKEY_URL: BASE_URL });
useDatabase();
const world = faultWorld();

const [RIYADH, JEDDAH] = stores.square;
const MINUTE = 60;
const DAY = 86_400;

beforeEach(() => {
  (globalThis as { latchkeyFetch?: unknown }).latchkeyFetch = world.at.fetch;
});

const clock = () => new Date(Date.now() + world.at.skew.ms);
const state = async (id: string) => {
  const { status, troubleCode } = await world.row(id);
  return [status, troubleCode];
};
const kinds = async (id: string) =>
  (await world.told({ connection: id })).filter((kind) => /needs_reconnect|reconnected|revoke/.test(kind));

describe("a store whose owner removes our access at the platform", () => {
  it("needs its owner in less than five seconds, is told why, and no other store is touched", async () => {
    const owner = await world.shop();
    const kept = await connected(world.at, owner, "square", RIYADH);
    const other = await connected(world.at, await world.shop(), "square", JEDDAH);
    const elsewhere = await connected(world.at, owner, "oauth2");
    await world.pass(DAY);
    const began = performance.now();
    expect(await told(await removedAt(world.at, RIYADH))).toEqual([200]);
    const { connection, timeline } = await show(owner, kept.id);
    expect(performance.now() - began).toBeLessThan(5_000);
    expect(connection).toMatchObject({ state: "needs_reconnect", trouble: "reconnect", troubleCode: "access_removed" });
    expect(timeline[0]).toMatchObject({ kind: "connection.needs_reconnect", facts: { code: "access_removed" } });
    expect(await outcomes()).toEqual(["demoted"]);
    // It was believed: the platform was not asked.
    expect(world.calls("square", /status/)).toHaveLength(2);
    await world.untouched(other, await staff("support"));
    await world.same(elsewhere);
  });

  it("is well again once the owner has reconnected, however often the old news comes", async () => {
    const owner = await world.shop();
    const kept = await connected(world.at, owner, "square", RIYADH);
    await world.pass(DAY);
    const removal = await removedAt(world.at, RIYADH);
    await told(removal);
    await world.pass(10 * MINUTE);
    expect((await connect(world.at, owner, "square", RIYADH, { connectionId: kept.id })).outcome).toBe("renewed");
    await told(removal, removal);
    await sweep(world.at.open);
    expect(await state(kept.id)).toEqual(["active", null]);
    expect((await testConnection(owner, kept.id, world.at.open)).kind).toBe("works");
  });

  it("is left as it is where it ended here first", async () => {
    const owner = await world.shop();
    const kept = await connected(world.at, owner, "square", RIYADH);
    await world.pass(DAY);
    await revoke(owner, { connectionId: kept.id }, world.at.open);
    const [own] = await outbox(world.at);
    expect(await told(own as Sent)).toEqual([200]);
    expect(await outcomes()).toEqual(["ended"]);
    expect(await kinds(kept.id)).toEqual(["connection.revoke_asked", "connection.revoked"]);
  });
});

describe("W-01", () => {
  it("W-01: of thousands of forged, altered and old notices none is accepted, and nothing changes", async () => {
    const kept = await connected(world.at, await world.shop(), "square", RIYADH);
    await world.pass(DAY);
    const genuine = await removedAt(world.at, RIYADH);
    const signature = genuine.headers["x-square-hmacsha256-signature"] ?? "";
    const bytes = Buffer.from(genuine.body);
    const key = world.at.webhookKey;
    const withSignature = (text: string): Sent => ({ ...genuine, headers: { ...genuine.headers, "x-square-hmacsha256-signature": text } });
    const hmac = (algorithm: string, of: string, by = key) => createHmac(algorithm, by).update(of).digest("base64");
    const printable = fc.string({ minLength: 1, unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)) });
    const { "x-square-hmacsha256-signature": _signature, ...unsigned } = genuine.headers;
    const forged = fc.oneof(
      // A bit, a byte more, a byte less, another order, the same JSON in other bytes.
      fc.tuple(fc.nat(bytes.length - 1), fc.nat(7)).map(([at, bit]) => {
        const altered = Buffer.from(bytes);
        altered[at] = (altered[at] ?? 0) ^ (1 << bit);
        return { ...genuine, body: altered.toString("latin1") };
      }),
      fc
        .tuple(fc.nat(bytes.length), printable)
        .map(([at, more]) => ({ ...genuine, body: genuine.body.slice(0, at) + more + genuine.body.slice(at) })),
      fc.nat(bytes.length - 1).map((at) => ({ ...genuine, body: genuine.body.slice(0, at) })),
      fc.constant({ ...genuine, body: JSON.stringify(JSON.parse(genuine.body), null, 1) }),
      // The signature: none, random, altered, of other cases, of the older algorithm, of the body alone.
      fc.constant({ ...genuine, headers: unsigned }),
      printable.filter((text) => text !== signature).map(withSignature),
      fc.tuple(fc.nat(signature.length - 1), fc.constantFrom(..."AZaz09+/=-_")).map(([at, char]) => {
        const text = signature.slice(0, at) + char + signature.slice(at + 1);
        return withSignature(text === signature ? `${text}=` : text);
      }),
      fc
        .constantFrom(
          signature.replace(/=+$/, ""),
          `${signature}, ${signature}`,
          signature.toLowerCase(),
          Buffer.from(signature, "base64").toString("hex"),
          hmac("sha1", `${WEBHOOK_URL}${genuine.body}`),
          hmac("sha256", genuine.body),
          hmac("sha512", `${WEBHOOK_URL}${genuine.body}`),
        )
        .filter((text) => text !== signature)
        .map(withSignature),
      // Another address, another key.
      fc
        .oneof(
          printable,
          fc.constantFrom(`${WEBHOOK_URL}/`, WEBHOOK_URL.replace("https", "http"), "http://localhost:3000/api/webhooks/square", ""),
        )
        .filter((url) => url !== WEBHOOK_URL)
        .map((url) => ({ ...signed(key, genuine.body, url), url: WEBHOOK_URL })),
      fc.oneof(printable, fc.constantFrom("", key.toUpperCase(), key.slice(1), `${key} `)).map((other) => signed(other, genuine.body)),
      // Signed well, and too old to be a repetition.
      fc.integer({ min: 8, max: 3_000 }).map((days) => claimed(world.at, RIYADH, new Date(clock().getTime() - days * DAY * 1000))),
    );
    const counted = async () => {
      const { values } = await metrics().notices.get();
      return values
        .filter(({ labels }) => labels.outcome === "forged" || labels.outcome === "old")
        .reduce((sum, { value }) => sum + value, 0);
    };
    const before = await counted();
    const seen: number[] = [];
    await fc.assert(
      fc.asyncProperty(forged, async (sent) => {
        const { status } = await post(sent);
        seen.push(status);
        expect(status).toBe(401);
      }),
      { numRuns: 3_000 },
    );
    expect(seen.length).toBeGreaterThanOrEqual(3_000);
    expect((await counted()) - before).toBe(seen.length);
    await settled(30_000);
    expect(await keptNotices()).toEqual([]);
    await world.same(kept);
    // And the one that all of them were made of is.
    expect(await told(genuine)).toEqual([200]);
    expect(await state(kept.id)).toEqual(["reconnect", "access_removed"]);
  });
});

describe("W-02", () => {
  it("W-02: delivered twenty times at once and again for a day, it is one notice, one change, one event", async () => {
    const kept = await connected(world.at, await world.shop(), "square", RIYADH);
    await world.pass(DAY);
    const removal = await removedAt(world.at, RIYADH);
    expect(new Set(await told(...Array.from({ length: 20 }, () => removal)))).toEqual(new Set([200]));
    for (let hour = 0; hour < 24; hour += 6) {
      await world.pass(6 * 60 * MINUTE);
      await told(removal);
      await sweep(world.at.open);
    }
    expect(await keptNotices()).toMatchObject([{ tries: 1, outcome: "demoted" }]);
    expect(await kinds(kept.id)).toEqual(["connection.needs_reconnect"]);
  });

  /** Connected and removed, three times over; resolves to the three removals. */
  async function lives(ends: "removed" | "connected") {
    const owner = await world.shop();
    const { id } = await connected(world.at, owner, "square", RIYADH);
    const removals: Sent[] = [];
    for (let life = 0; life < 3; life += 1) {
      await world.pass(30 * MINUTE);
      removals.push(await removedAt(world.at, RIYADH));
      if (life === 2 && ends === "removed") break;
      await world.pass(30 * MINUTE);
      expect((await connect(world.at, owner, "square", RIYADH, { connectionId: id })).outcome).toBe("renewed");
    }
    return { owner, id, removals };
  }

  it.each(["removed", "connected"] as const)("W-02: in any order and repeated, what counts is what happened last: %s", async (ends) => {
    const { id, removals } = await lives(ends);
    const before = await world.row(id);
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([...removals, ...removals], { minLength: 6 }), async (order) => {
        await database().execute(sql`delete from notices`);
        await database().execute(sql`update connections set status = 'active', trouble = null, trouble_code = null where id = ${id}`);
        for (const one of order) expect(await told(one)).toEqual([200]);
        expect(await state(id)).toEqual(ends === "removed" ? ["reconnect", "access_removed"] : ["active", null]);
      }),
      { numRuns: 12 },
    );
    const after = await world.row(id);
    if (ends === "connected") expect(after.epoch).toBe(before.epoch);
  });

  it("W-02: replayed after a new connection, the old removal does not end it, nor a week later", async () => {
    const { owner, id, removals } = await lives("connected");
    for (const days of [0, 1, 7]) {
      await world.pass(days * DAY);
      await told(...removals);
      await sweep(world.at.open);
      expect((await world.row(id)).status).toBe("active");
    }
    expect(new Set(await outcomes())).toEqual(new Set(["older"]));
    expect((await testConnection(owner, id, world.at.open)).kind).toBe("works");
  });
});

describe("W-04", () => {
  it("W-04: while a renewal is under way, what the platform says decides: the removal is true", async () => {
    const owner = await world.shop();
    const kept = await connected(world.at, owner, "square", RIYADH);
    await world.pass(DAY);
    const slow = world.heldBack("/oauth2/token");
    const renewing = renew(owner, kept.id, slow.open);
    await slow.arrived();
    await told(await removedAt(world.at, RIYADH));
    // Somebody is at it: nothing is decided over their head.
    expect(await world.row(kept.id)).toMatchObject({ status: "active", epoch: kept.epoch + 1 });
    expect(await outcomes()).toEqual([null]);
    await slow.letGo(renewing);
    expect((await world.row(kept.id)).status).toBe("active");
    await world.pass(6);
    await sweep(world.at.open);
    expect((await world.row(kept.id)).status).toBe("reconnect");
    expect(await kinds(kept.id)).toEqual(["connection.needs_reconnect"]);
  });

  it.each([
    ["while a renewal is under way", true],
    ["a minute after connecting", false],
  ])("W-04: %s, what the platform says decides: the grant stands", async (_when, renewing) => {
    const owner = await world.shop();
    const kept = await connected(world.at, owner, "square", RIYADH);
    await world.pass(renewing ? DAY : MINUTE);
    const slow = world.heldBack("/oauth2/token");
    const work = renewing ? renew(owner, kept.id, slow.open) : null;
    if (work) await slow.arrived();
    await told(claimed(world.at, RIYADH, clock()));
    expect(await outcomes()).toEqual(["stands"]);
    if (work) await slow.letGo(work);
    expect(await world.row(kept.id)).toMatchObject({ status: "active", trouble: null, generation: kept.generation + (renewing ? 1 : 0) });
    expect(await kinds(kept.id)).toEqual([]);
  });

  it.each([-4 * MINUTE, -1, 0, 1, 4 * MINUTE])(
    "W-04: %i seconds from connecting, two clocks may differ by that: the platform is asked",
    async (seconds) => {
      const owner = await world.shop();
      const kept = await connected(world.at, owner, "square", RIYADH);
      const removed = new Date((kept.connectedAt?.getTime() ?? 0) + seconds * 1000);
      await told(claimed(world.at, RIYADH, removed));
      expect([await outcomes(), await state(kept.id)]).toEqual([["stands"], ["active", null]]);
      world.at.simulators.square.revokeAtPlatform(RIYADH);
      await told(claimed(world.at, RIYADH, removed));
      expect((await outcomes()).at(-1)).toBe("demoted");
      expect((await world.row(kept.id)).status).toBe("reconnect");
    },
  );

  it("W-04: the platform cannot be asked: nobody is demoted by a guess, and it is asked again until it answers", async () => {
    const kept = await connected(world.at, await world.shop(), "square", RIYADH);
    const removal = await removedAt(world.at, RIYADH);
    world.at.faults.push({ kind: "status", status: 503 });
    await told(removal);
    for (let minute = 0; minute < 30; minute += 1) {
      await world.pass(MINUTE);
      await sweep(world.at.open);
      expect((await world.row(kept.id)).status).toBe("active");
    }
    const [{ tries } = { tries: 0 }] = await keptNotices();
    expect(tries).toBeGreaterThan(3);
    expect(tries).toBeLessThan(20);
    world.at.faults.length = 0;
    await world.pass(60 * MINUTE);
    await sweep(world.at.open);
    expect((await world.row(kept.id)).status).toBe("reconnect");
    expect(await outcomes()).toEqual(["demoted"]);
  });

  it("W-04: it comes while the owner reconnects: the old grant ends, the new one is kept", async () => {
    const owner = await world.shop();
    const kept = await connected(world.at, owner, "square", RIYADH);
    await world.pass(DAY);
    const removal = await removedAt(world.at, RIYADH);
    const { id } = await world.answered("square", { actor: owner, store: RIYADH, connectionId: kept.id });
    const slow = world.heldBack("/oauth2/token/status");
    const exchanging = exchange(owner, id, slow.open);
    await slow.arrived();
    await told(removal);
    expect(await state(kept.id)).toEqual(["reconnect", "access_removed"]);
    await slow.letGo(exchanging);
    expect((await world.row(kept.id)).status).toBe("active");
    for (let round = 0; round < 4; round += 1) {
      await world.pass(MINUTE);
      await sweep(world.at.open);
    }
    expect(await state(kept.id)).toEqual(["active", null]);
    expect(await outcomes()).toEqual(["stands"]);
    expect((await testConnection(owner, kept.id, world.at.open)).kind).toBe("works");
  });

  it.each([
    ["a new store is being connected", false],
    ["the owner reconnects", true],
  ])("W-04: %s and removes it again before it is there: found out at once", async (_what, again) => {
    const owner = await world.shop();
    const kept = again ? await connected(world.at, owner, "square", RIYADH) : null;
    await world.pass(DAY);
    const { id } = await world.answered("square", { actor: owner, store: RIYADH, ...(kept && { connectionId: kept.id }) });
    // The platform has just said that it works.
    const slow = world.heldBack("/v2/merchants/me");
    const exchanging = exchange(owner, id, slow.open);
    await slow.arrived();
    await told(await removedAt(world.at, RIYADH));
    await slow.letGo(exchanging);
    const found = await database().execute<{ id: string; status: string }>(sql`select id, status from connections`);
    expect(found.rows).toMatchObject([{ status: "active" }]);
    await world.pass(16);
    await sweep(world.at.open);
    expect((await world.row(found.rows[0]?.id ?? "")).status).toBe("reconnect");
  });

  it("W-04: newer access than was judged is not touched", async () => {
    const owner = await world.shop();
    const kept = await connected(world.at, owner, "square", RIYADH);
    await renew(owner, kept.id, world.at.open);
    const before = await world.row(kept.id);
    expect(await demote(platform, kept, { code: "access_removed" })).toBe("moved");
    expect(await world.row(kept.id)).toEqual({ ...before, epoch: before.epoch + 1, stateChangesAt: expect.anything() });
    expect(await kinds(kept.id)).toEqual([]);
  });

  it("W-04: a renewal whose answer was lost is in doubt: it is settled first, then the removal is known already", async () => {
    const pkce = platforms({ pkce: true });
    (globalThis as { latchkeyFetch?: unknown }).latchkeyFetch = pkce.fetch;
    const owner = await world.shop();
    const kept = await connected(pkce, owner, "square", RIYADH);
    const move = async (seconds: number) => {
      await world.pass(seconds);
      pkce.skew.ms += seconds * 1000;
    };
    await move(DAY);
    pkce.faults.push({ kind: "reset-after-issuing", match: "/oauth2/token", calls: 1 });
    await renew(owner, kept.id, pkce.open);
    expect((await world.row(kept.id)).sentAt).not.toBeNull();
    await told(await removedAt(pkce, RIYADH));
    expect(await world.row(kept.id)).toMatchObject({ status: "active" });
    expect(await outcomes()).toEqual([null]);
    for (let minute = 0; minute < 4; minute += 1) {
      await move(MINUTE);
      await sweep(pkce.open);
    }
    expect((await world.row(kept.id)).status).toBe("reconnect");
    expect((await outcomes())[0]).toMatch(/known|demoted/);
    expect(await kinds(kept.id)).toEqual(["connection.needs_reconnect"]);
  });
});

describe("W-05", () => {
  it("W-05: a flood of what the platform signed is kept up to a bound, costs nobody else anything, and is done in the end", async () => {
    const owner = await world.shop();
    const kept = await connected(world.at, owner, "square", RIYADH);
    // The platform is slow, so that those taken up at once do not end.
    let answer = () => {};
    const answered = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const slow = async (...call: Parameters<typeof world.at.fetch>) => {
      await answered;
      return world.at.fetch(...call);
    };
    (globalThis as { latchkeyFetch?: unknown }).latchkeyFetch = slow;
    const flood = Array.from({ length: 1_200 }, (_, index) => claimed(world.at, index < 4 ? RIYADH : `MLFLOOD${index}`, clock()));
    const slowest = { ms: 0 };
    let going = true;
    const page = (async () => {
      while (going) {
        const began = performance.now();
        await show(owner, kept.id);
        slowest.ms = Math.max(slowest.ms, performance.now() - began);
      }
    })();
    const statuses: number[] = [];
    for (let at = 0; at < flood.length; at += 50)
      statuses.push(...(await Promise.all(flood.slice(at, at + 50).map(async (one) => (await post(one)).status))));
    going = false;
    await page;
    expect(slowest.ms).toBeLessThan(2_000);
    const turnedAway = flood.filter((_, index) => statuses[index] === 503);
    expect(new Set(statuses)).toEqual(new Set([200, 503]));
    // Those that are counted at the same moment may all be let in.
    expect(turnedAway.length).toBeGreaterThanOrEqual(1_200 - 1_000 - 50);
    expect(await keptNotices()).toHaveLength(1_200 - turnedAway.length);
    answer();
    const undone = async () => (await keptNotices()).filter(({ doneAt }) => doneAt === null).length;
    const worked = async () => {
      await settled(30_000);
      for (let round = 0; round < 20 && (await undone()) > 0; round += 1) await sweep(world.at.open);
      expect(await undone()).toBe(0);
    };
    await worked();
    // What was turned away comes again, as Square sends it, and then something that is true.
    for (const one of turnedAway) expect((await post(one)).status).toBe(200);
    await worked();
    expect(await keptNotices()).toHaveLength(flood.length);
    await world.pass(DAY / 4);
    expect(await told(await removedAt(world.at, RIYADH))).toEqual([200]);
    expect(await state(kept.id)).toEqual(["reconnect", "access_removed"]);
  });
});

it("however many come to it, one takes it", async () => {
  const kept = await connected(world.at, await world.shop(), "square", RIYADH);
  await world.pass(DAY);
  await database().execute(sql`
    insert into notices (id, offer, event_id, kind, account_id, happened_at)
    values ('note_one', 'square', 'event', 'revoked', ${RIYADH}, app_now() - interval '1 hour')`);
  await Promise.all(Array.from({ length: 8 }, () => takeNotice("note_one", world.at.open)));
  expect(await keptNotices()).toMatchObject([{ tries: 1, outcome: "demoted" }]);
  expect(await kinds(kept.id)).toEqual(["connection.needs_reconnect"]);
});
