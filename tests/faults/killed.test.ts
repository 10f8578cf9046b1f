import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { UserActor } from "@/lib/auth/actor";
import { renew } from "@/lib/connections/renew";
import { testConnection } from "@/lib/connections/test-connection";
import { useEnv } from "@/tests/auth/set-env";
import { useDatabase } from "@/tests/support/database";
import { attemptOf, connected } from "@/tests/support/journey";
import { keptNotices, post, removedAt } from "@/tests/support/notices";
import { BASE_URL } from "@/tests/support/platforms";
import { sweep } from "@/tests/support/sweep";
import { environmentOf, useOtherProcesses } from "./other-process";
import { emptied, faultWorld, stores } from "./steps";

useEnv({ LATCHKEY_URL: BASE_URL });
const address = useDatabase();
const world = faultWorld();
const others = useOtherProcesses(address);

/** Does the work in a process of its own, with Square's simulator on a port; resolves to how it ended: a signal, or an exit code. */
async function inProcess(what: "revoke" | "exchange" | "notice", id: string, actor: UserActor | null, environment: Record<string, string>) {
  const square = await others.serve(world.at.simulators.square);
  const other = await others.begin("doomed", [what, id, JSON.stringify(actor)], { ...environmentOf(world.at, { square }), ...environment });
  return { end: await other.ended, output: other.output() };
}

describe("V-01", () => {
  it.each([
    ["before the platform was told", "revoke.claimed", 0],
    ["after the platform had confirmed", "revoke.answered", 1],
  ])("V-01: killed %s: never served again, told again harmlessly, ended once", async (_when, crashAt, told) => {
    const owner = await world.shop("Mona");
    const kept = await connected(world.at, owner, "square");
    const { end, output } = await inProcess("revoke", kept.id, owner, { LATCHKEY_CRASH_AT: crashAt });
    expect(end, output).toBe("SIGKILL");
    expect(world.calls("square", /^revoke$/)).toHaveLength(told);
    // What the platform must be told with is still there, and nobody gets it any more.
    expect(await world.row(kept.id)).toMatchObject({ status: "revoking", access: kept.access, renewal: kept.renewal });
    expect(await renew(owner, kept.id, world.at.open)).toEqual({ kind: "cannot" });
    expect(await testConnection(owner, kept.id, world.at.open)).toEqual({ kind: "cannot" });
    await sweep(world.at.open);
    // The dead process holds its lease, so nobody asks beside it.
    expect(world.calls("square", /^revoke$/)).toHaveLength(told);
    await world.pass(31);
    await sweep(world.at.open);
    expect(await world.row(kept.id)).toMatchObject({ status: "revoked", access: null, renewal: null, revokeConfirmed: "remote" });
    expect(world.calls("square", /^revoke$/)).toHaveLength(told + 1);
    const kinds = (await world.told({ connection: kept.id })).filter((kind) => kind.startsWith("connection.revoke"));
    expect(kinds).toEqual(["connection.revoke_asked", "connection.revoked"]);
    expect(Object.values(world.at.simulators.square.state.refresh).every(({ dead }) => dead)).toBe(true);
  });
});

describe("W-03", () => {
  it.each([
    ["before it was acknowledged", "notice.stored", "active", 0],
    ["once its work was done and before that was noted", "notice.judged", "reconnect", 1],
  ])("W-03: killed when the notice was kept, %s: repeated or not, it is done once", async (_when, crashAt, status, tries) => {
    for (const repeated of [true, false]) {
      const kept = await connected(world.at, await world.shop(), "square", stores.square[0]);
      await world.pass(86_400);
      const removal = await removedAt(world.at, stores.square[0]);
      const { end, output } = await inProcess("notice", JSON.stringify(removal), null, {
        SQUARE_WEBHOOK_KEY: world.at.webhookKey,
        LATCHKEY_CRASH_AT: crashAt,
      });
      expect(end, output).toBe("SIGKILL");
      expect(await keptNotices()).toMatchObject([{ tries, doneAt: null }]);
      expect((await world.row(kept.id)).status, output).toBe(status);
      if (repeated) expect((await post(removal)).status).toBe(200);
      if (tries > 0) await world.pass(121);
      await sweep(world.at.open);
      expect((await post(removal)).status).toBe(200);
      expect(await keptNotices()).toMatchObject([{ tries: tries + 1, outcome: tries === 0 ? "demoted" : "known" }]);
      expect(await world.row(kept.id)).toMatchObject({ status: "reconnect", troubleCode: "access_removed" });
      expect((await world.told({ connection: kept.id })).filter((kind) => kind.endsWith("needs_reconnect"))).toHaveLength(1);
      await emptied();
    }
  });
});

describe("X-19", () => {
  it("X-19: a process that was given another key sends nothing and names the one that it lacks; one that has it goes on", {
    timeout: 120_000,
  }, async () => {
    const { actor, id } = await world.answered("square");
    const other = `other:${randomBytes(32).toString("base64")}`;
    const { end, output } = await inProcess("exchange", id, actor, { LATCHKEY_KEYS: other });
    expect(end, output).toBe("0");
    expect(output).toContain('"event":"key_missing"');
    expect(output).toContain('"key":"t1"');
    expect(world.redeemed("square")).toEqual([]);
    expect((await attemptOf(id)).status).toBe("answered");
    await world.pass(11);
    await sweep(world.at.open);
    expect((await attemptOf(id)).outcome).toBe("connected");
  });
});
