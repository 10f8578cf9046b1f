import { sql } from "drizzle-orm";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { database } from "@/db/client";
import type { UserActor } from "@/lib/auth/actor";
import { actNow } from "@/lib/connections/act-now";
import { diagnostics } from "@/lib/connections/diagnostics";
import { explain } from "@/lib/connections/explain";
import { revoke } from "@/lib/connections/revoke";
import { isShortCode, shortCode } from "@/lib/connections/short-code";
import { show } from "@/lib/connections/show";
import { settled } from "@/lib/in-flight";
import { moveClock, resetClock } from "@/tests/auth/people";
import { useEnv } from "@/tests/auth/set-env";
import { putNorce, putSquare } from "@/tests/faults/put-stores";
import { useDatabase } from "@/tests/support/database";
import { empty } from "@/tests/support/empty";
import { aMerchant, connected, type Platforms, staff } from "@/tests/support/journey";
import { BASE_URL, platforms } from "@/tests/support/platforms";

useEnv({ LATCHKEY_URL: BASE_URL });
useDatabase();

let at: Platforms;
let [mona, sara, omar] = [] as unknown as [UserActor, UserActor, UserActor];

beforeAll(async () => {
  [mona, sara, omar] = [await aMerchant("Riyadh Trading"), await staff("support"), await staff("admin")];
});
beforeEach(async () => {
  at = platforms();
  await resetClock();
  await empty("connections", "gates");
});

const told = async (id: string) => (await show(sara, id)).timeline.map(({ kind }) => kind);

describe("what staff do with one connection", () => {
  it("S14: two at once: one call to the platform, and the second learns who was first, when and why", async () => {
    const row = await connected(at, mona, "square", undefined, { label: "Riyadh shop" });
    at.simulators.square.ledger.clear();
    const asking = (reason: string) => ({ connectionId: row.id, reason, ticket: "SUP-1" });
    const both = await Promise.all([revoke(sara, asking("misuse"), at.open), revoke(omar, asking("left"), at.open)]);
    expect(both.map(({ kind }) => kind).sort()).toEqual(["already", "revoked"]);
    expect(at.simulators.square.ledger.calls.filter(({ name }) => name === "revoke")).toHaveLength(1);
    const { timeline, connection } = await show(omar, row.id);
    const first = both[0]?.kind === "revoked" ? { actor: sara.name, reason: "misuse" } : { actor: omar.name, reason: "left" };
    expect(timeline.filter(({ kind }) => kind === "connection.revoke_asked")).toMatchObject([{ ...first, facts: { ticket: "SUP-1" } }]);
    expect(connection).toMatchObject({ state: "revoked", revoked: { confirmed: "remote" } });
    // The owner reads that it ended, and nothing of what staff wrote for staff.
    expect(JSON.stringify((await show(mona, row.id)).timeline)).not.toMatch(/SUP-1|misuse|left/);
  });

  it("S4: the code stands for one connection, is typed in any case or pasted, and has no letter that reads like another", () => {
    const codes = Array.from({ length: 2_000 }, (_, index) => shortCode(`con_${index}`));
    for (const code of codes) expect(code).toMatch(/^[2-9A-HJKMNPQRSTWXYZ]{6}$/);
    expect(new Set(codes).size).toBeGreaterThan(1_995);
    expect(isShortCode(` ${shortCode("con_1").toLowerCase()} `, "con_1")).toBe(true);
    expect(isShortCode(shortCode("con_2"), "con_1")).toBe(false);
    expect(isShortCode("", "con_1")).toBe(false);
  });

  it("S16: without a turn that is free it says so at once, and takes none", async () => {
    const ids = await Promise.all(Array.from({ length: 21 }, (_, index) => putNorce(at, mona, `acme-${index}`)));
    for (const id of ids.slice(0, 20)) expect(await actNow(sara, id, "renew", at.open)).toEqual({ kind: "renewed" });
    at.simulators.norce.ledger.clear();
    const tokens = async () => (await database().execute(sql`select tokens, refilled_at from gates`)).rows;
    const before = await tokens();
    const answer = await actNow(sara, ids[20] ?? "", "renew", at.open);
    expect(answer).toMatchObject({ kind: "throttled" });
    expect((answer as { waitS: number }).waitS).toBeLessThanOrEqual(20);
    expect(await tokens()).toEqual(before);
    expect(at.simulators.norce.ledger.calls).toEqual([]);
    // Access that is there is tested without a turn.
    expect((await actNow(sara, ids[0] ?? "", "test", at.open)).kind).not.toBe("throttled");
    await moveClock("20 seconds");
    at.skew.ms += 20_000;
    expect(await actNow(sara, ids[20] ?? "", "renew", at.open)).toEqual({ kind: "renewed" });
  });

  it("S16: what takes longer than a person waits goes on by itself, once", async () => {
    const id = await putSquare(at, mona, "MLSLOW");
    at.faults.push({ kind: "slow", ms: 300, match: "/oauth2/token", calls: 1 });
    expect(await actNow(sara, id, "renew", at.open, 20)).toEqual({ kind: "running" });
    await settled(10_000);
    expect((await told(id))[0]).toBe("connection.renewed");
    await expect(actNow(mona, "con_nothing", "test", at.open)).rejects.toMatchObject({ status: 404 });
  });

  it("S7: says how it stands in words of an owner, in both languages, whatever the reader's", async () => {
    const row = await connected(at, mona, "square", undefined, { label: "Riyadh shop" });
    const say = async (locale: "en" | "ar") => {
      const { connection, asOf } = await show(sara, row.id);
      return explain(connection, locale, { timeZone: "Asia/Riyadh", now: asOf });
    };
    expect(await say("en")).toMatch(/^Riyadh shop is connected to Square and works\. Access renews by itself on \d+/);
    expect(await say("ar")).toMatch(/Riyadh shop.*مرتبط.*Square/);
    await database().execute(
      sql`update connections set status = 'reconnect', trouble = 'reconnect', trouble_code = 'access_removed', trouble_at = app_now() where id = ${row.id}`,
    );
    expect(await say("en")).toMatch(/^Square told us that access to Riyadh shop was removed on .*Reconnect the store to continue\.$/);
    for (const locale of ["en", "ar"] as const) expect(await say(locale)).not.toMatch(/token|scope|oauth|grant|access_removed|[{}]/i);
  });

  it("S9: the facts for engineers name ids, state, events and UTC times, and no secret", async () => {
    const row = await connected(at, mona, "square", undefined, { label: "Riyadh shop" });
    for (let round = 0; round < 4; round += 1) await actNow(sara, row.id, round % 2 ? "renew" : "test", at.open);
    const text = diagnostics(await show(sara, row.id));
    for (const known of [row.id, row.merchantId, "provider: square", "environment: production", "state: healthy (active)", row.accountId])
      expect(text).toContain(known);
    const [, events = ""] = text.split("last 5 events (UTC, newest first):\n");
    expect(events.split("\n")).toHaveLength(5);
    expect(events).toMatch(/^ {2}\d{4}-\d\d-\d\dT[\d:.]+Z connection\.renewed \[event \d+\]/);
    expect(events).toMatch(/attempt=att_|connection\.connected/);
    expect(text).not.toMatch(/CNRY-/);
  });
});
