import { sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import type { Attempt } from "@/db/attempts";
import { database } from "@/db/client";
import { exchange } from "@/lib/connections/exchange";
import { attemptOf, connectionOf } from "@/tests/support/journey";
import { sweep } from "@/tests/support/sweep";
import { bodies, MARK } from "./support/bodies";
import { useHostileWorld } from "./support/hostile-world";
import { connectionsOf, everything, theRow } from "./support/rows";
import { forgetPace, keyCall, redirects, tokenCall, upToTokens } from "./support/tampered";

const world = useHostileWorld();

describe("X-06: an answer that is none of the platform's", () => {
  it.each(redirects)(`X-06: %s: the code counts as burnt, nothing of ${bodies.length} bodies is kept or believed`, async (slug) => {
    const { at, mona } = world;
    const attempts: Attempt[] = [];
    for (const [what, answer] of bodies) {
      const go = await upToTokens(at, mona, slug);
      await forgetPace();
      at.list.push({ call: tokenCall[slug], with: answer });
      const attempt = await go();
      expect(attempt, what).toMatchObject({ status: "finished", outcome: "unreachable", resultId: null, answer: null });
      attempts.push(attempt);
    }
    expect(await connectionsOf(mona)).toEqual([]);
    const left = at.codes.size;
    await world.pass(1);
    await sweep(at.open);
    for (const { id } of attempts) await exchange(mona, id, at.open);
    expect(at.codes.size).toBe(left);
    expect(await everything()).not.toContain(MARK);
    // The next consent finds nothing in its way.
    expect(await (await upToTokens(at, mona, slug))()).toMatchObject({ outcome: "connected" });
  });

  it("X-06: noon's second step: what the first one brought is kept, and one more try makes the connection", async () => {
    const { at, mona } = world;
    let last = "";
    for (const [what, answer] of bodies) {
      await forgetPace();
      const go = await upToTokens(at, mona, "noon");
      at.list.push({ call: keyCall, with: answer });
      const attempt = await go();
      expect(attempt, what).toMatchObject({ status: "issued", outcome: null });
      const row = await connectionOf(attempt);
      expect(row, what).toMatchObject({ status: "pending", access: null, trouble: "doubt" });
      expect(row.renewal, what).not.toBeNull();
      last = row.id;
    }
    expect(await everything()).not.toContain(MARK);
    // One stands for all: each of them costs the simulator a key.
    await database().execute(sql`delete from attempts where result_id <> ${last}`);
    await database().execute(sql`delete from connections where id <> ${last}`);
    await world.pass(5);
    await sweep(at.open);
    expect((await theRow(mona)).row).toMatchObject({ id: last, status: "active" });
  });

  it("X-06: norce: what was typed is kept, nothing is proved by it, and the job goes on once Norce answers again", async () => {
    const { at, mona } = world;
    const attempts: Attempt[] = [];
    for (const [what, answer] of bodies.filter(([, { status }]) => status !== 404)) {
      await forgetPace();
      const go = await upToTokens(at, mona, "norce");
      at.list.push({ call: tokenCall.norce, with: answer });
      const attempt = await go();
      expect(attempt, what).toMatchObject({ status: "issued", outcome: null });
      expect(await connectionOf(attempt), what).toMatchObject({ status: "pending", access: null, trouble: "transient" });
      attempts.push(attempt);
    }
    expect(await everything()).not.toContain(MARK);
    await forgetPace();
    await world.pass(5);
    await sweep(at.open);
    for (const { id } of attempts) expect(["connected", "renewed"]).toContain((await attemptOf(id)).outcome);
    expect((await theRow(mona)).row).toMatchObject({ status: "active" });
  });
});
