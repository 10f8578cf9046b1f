import { sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { database } from "@/db/client";
import { beginConsent } from "@/lib/connections/begin-consent";
import { catalogueEntry } from "@/lib/connections/catalogue";
import { exchange } from "@/lib/connections/exchange";
import { listOwn } from "@/lib/connections/list";
import { receiveAnswer } from "@/lib/connections/receive-answer";
import { showAttempt } from "@/lib/connections/show-attempt";
import { useEnv } from "@/tests/auth/set-env";
import { useDatabase, whileClosed } from "@/tests/support/database";
import { approve, attemptOf, connect, connected, start } from "@/tests/support/journey";
import { BASE_URL } from "@/tests/support/platforms";
import { sweep } from "@/tests/support/sweep";
import { faultWorld, redirects } from "./steps";

useEnv({ LATCHKEY_URL: BASE_URL });
const address = useDatabase();
const world = faultWorld();

describe("C-01", () => {
  it("C-01: fifty consents are abandoned: nothing half is listed, no secret is left, connecting works at once and afterwards", async () => {
    const mona = await world.shop("Abandons");
    const kept = await connected(world.at, mona, "square");
    const begun = [];
    for (let index = 0; index < 50; index += 1) {
      const slug = redirects[index % 4] ?? "oauth2";
      // Every second one comes back from the platform and goes away before anything is sent.
      const one = await start(world.at, mona, slug, slug === "square" ? { connectionId: kept.id } : {});
      if (index % 8 >= 4) await receiveAnswer(slug, await approve(world.at, slug, one.url), one.cookie, null);
      begun.push(one);
    }
    expect(await world.secretsInAttempts()).toBeGreaterThan(10);
    expect((await listOwn(mona)).rows.map(({ id }) => id)).toEqual([kept.id]);
    // The button is there while the old attempt is: it neither locks the platform nor the store.
    expect(await catalogueEntry(mona, "oauth2", {})).toMatchObject({ openAttemptId: expect.stringMatching(/^att_/), paused: false });
    expect((await connect(world.at, mona, "oauth2")).outcome).toBe("connected");

    const sent = world.sent().length;
    await world.pass(660);
    await sweep(world.at.open);
    await sweep(world.at.open);
    expect(world.sent()).toHaveLength(sent);
    expect(await world.secretsInAttempts()).toBe(0);
    const left = await database().execute<{ status: string; outcome: string }>(
      sql`select distinct status, outcome from attempts where outcome is distinct from 'connected' order by outcome`,
    );
    expect(left.rows).toEqual([
      { status: "finished", outcome: "replaced" },
      { status: "finished", outcome: "timed_out" },
    ]);
    const kinds = await database().execute<{ attempts: number }>(
      sql`select count(distinct attempt_id)::int as attempts from events where kind in ('attempt.timed_out', 'attempt.replaced')`,
    );
    expect(kinds.rows[0]?.attempts).toBe(50);
    expect((await listOwn(mona)).rows).toHaveLength(2);
    expect((await catalogueEntry(mona, "oauth2", {})).openAttemptId).toBeNull();
    await world.untouched(kept, mona);
    expect((await connect(world.at, mona, "square", undefined, { connectionId: kept.id })).outcome).toBe("renewed");
    // A day later even their rows are gone; what happened stays told.
    await world.pass(90_000);
    await sweep(world.at.open);
    const rows = await database().execute<{ outcome: string }>(sql`select outcome from attempts where outcome = 'timed_out'`);
    expect(rows.rows).toEqual([]);
    expect(begun).toHaveLength(50);
  });
});

describe("C-07", () => {
  it("C-07: fifty rounds of copies of an answer and twenty claims of its code: each code is sent once", async () => {
    const rounds = 50;
    const actor = await world.shop("Rounds");
    for (let round = 0; round < rounds; round += 1) {
      const begun = await start(world.at, actor, "oauth2");
      const query = await approve(world.at, "oauth2", begun.url);
      const copies = await Promise.all(
        Array.from({ length: 5 }, (_, index) => receiveAnswer("oauth2", query, begun.cookie, index % 3 === 0 ? null : actor)),
      );
      expect(copies.every((copy) => copy.kind === "result" && copy.attemptId === begun.attemptId)).toBe(true);
      await Promise.all(Array.from({ length: 20 }, () => exchange(actor, begun.attemptId, world.at.open)));
      // Later ones: a reload of the platform's address, and of the page that finishes.
      expect((await receiveAnswer("oauth2", query, begun.cookie, actor)).kind).toBe("result");
      await exchange(actor, begun.attemptId, world.at.open);
    }
    expect(world.redeemed("oauth2").map(({ status }) => status)).toEqual(Array.from({ length: rounds }, () => 200));
    const ends = await database().execute<{ outcome: string; many: number }>(
      sql`select outcome, count(*)::int as many from attempts group by outcome order by outcome`,
    );
    expect(ends.rows).toEqual([
      { outcome: "connected", many: 1 },
      { outcome: "renewed", many: rounds - 1 },
    ]);
    const stored = await database().execute<{ kept: number }>(
      sql`select count(*)::int as kept from connections where access is not null and renewal is not null`,
    );
    expect(stored.rows[0]?.kept).toBe(1);
    const told = await database().execute<{ kind: string; many: number }>(
      sql`select kind, count(*)::int as many from events where kind in ('attempt.answered', 'attempt.exchanged') group by kind order by kind`,
    );
    expect(told.rows.map(({ many }) => many)).toEqual([rounds, rounds]);
  });
});

describe("C-08", () => {
  it.each(redirects)(
    "C-08: %s: another person in the right browser: refused, the code neither kept nor sent, nothing of theirs told",
    async (slug) => {
      const [mona, yusuf] = [await world.shop("Mona"), await world.shop("Yusuf")];
      const begun = await start(world.at, mona, slug);
      const query = await approve(world.at, slug, begun.url);
      expect(await receiveAnswer(slug, query, begun.cookie, yusuf)).toEqual({ kind: "stranger" });
      expect(await attemptOf(begun.attemptId)).toMatchObject({ status: "open", answer: null });
      await expect(showAttempt(yusuf, begun.attemptId)).rejects.toMatchObject({ code: "not_found", status: 404 });
      await expect(exchange(yusuf, begun.attemptId, world.at.open)).rejects.toMatchObject({ code: "not_found", status: 404 });
      expect(world.sent()).toEqual([]);
      // Mona has lost nothing by it.
      expect((await receiveAnswer(slug, query, begun.cookie, mona)).kind).toBe("result");
      await exchange(mona, begun.attemptId, world.at.open);
      expect((await attemptOf(begun.attemptId)).outcome).toBe("connected");
    },
  );

  it.each(redirects)("C-08: %s: signed out on the way back: held sealed, and sent for the same person only", async (slug) => {
    const yusuf = await world.shop("Yusuf");
    const { id, actor: mona, query } = await world.answered(slug, { present: false });
    const held = await attemptOf(id);
    expect(held.answer).toMatch(/^lk1\./);
    expect(Buffer.from(held.answer?.split(".")[3] ?? "", "base64url").toString("latin1")).not.toContain(query.get("code"));
    for (let minutes = 0; minutes < 4; minutes += 1) {
      await world.pass(minutes === 0 ? 20 : 10);
      await sweep(world.at.open);
      await expect(exchange(yusuf, id, world.at.open)).rejects.toMatchObject({ status: 404 });
      await expect(showAttempt(yusuf, id)).rejects.toMatchObject({ status: 404 });
    }
    expect(world.sent()).toEqual([]);
    expect((await attemptOf(id)).status).toBe("answered");
    await exchange(mona, id, world.at.open);
    expect((await attemptOf(id)).outcome).toBe("connected");
    expect(world.redeemed(slug)).toHaveLength(1);
  });

  it.each(redirects)("C-08: %s: signed in again too late: the code was erased, and is never sent", async (slug) => {
    const { id, actor, query, cookie } = await world.answered(slug, { present: false });
    await world.pass(601);
    await exchange(actor, id, world.at.open);
    expect(await showAttempt(actor, id)).toMatchObject({ outcome: "timed_out" });
    expect((await receiveAnswer(slug, query, cookie, actor)).kind).toBe("result");
    await sweep(world.at.open);
    await exchange(actor, id, world.at.open);
    expect(await attemptOf(id)).toMatchObject({ outcome: "timed_out", answer: null, verifier: null });
    expect(world.sent()).toEqual([]);
  });

  it("C-08: back in time, but the page was never opened again: it stays held, and lapses unsent", async () => {
    const { id } = await world.answered("square", { present: false });
    for (let round = 0; round < 3; round += 1) {
      await world.pass(300);
      await sweep(world.at.open);
    }
    expect(await attemptOf(id)).toMatchObject({ outcome: "timed_out", answer: null });
    expect(world.sent()).toEqual([]);
  });
});

describe("C-12", () => {
  it.each(redirects)("C-12: %s: the database cannot be reached at the start: nobody is sent there, and nothing is asked", async (slug) => {
    const actor = await world.shop("No database");
    for (const simulator of Object.values(world.at.simulators)) simulator.ledger.clear();
    await whileClosed(address(), () =>
      expect(beginConsent(actor, { offer: slug }, world.at.open)).rejects.toMatchObject({ name: "DatabaseError" }),
    );
    expect(Object.values(world.at.simulators).flatMap(({ ledger }) => ledger.calls)).toEqual([]);
    expect((await database().execute(sql`select id from attempts`)).rows).toEqual([]);
    expect((await connect(world.at, actor, slug)).outcome).toBe("connected");
  });
});
