import { sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { database } from "@/db/client";
import { exchange } from "@/lib/connections/exchange";
import type { OpenIo } from "@/lib/connections/open-io";
import { receiveAnswer } from "@/lib/connections/receive-answer";
import { renew } from "@/lib/connections/renew";
import { revoke } from "@/lib/connections/revoke";
import { openGrant } from "@/lib/connections/sealed-grant";
import { testConnection } from "@/lib/connections/test-connection";
import { useEnv } from "@/tests/auth/set-env";
import { useDatabase } from "@/tests/support/database";
import { approve, attemptOf, connected, start } from "@/tests/support/journey";
import { BASE_URL } from "@/tests/support/platforms";
import { sweep } from "@/tests/support/sweep";
import { useCuttingProxy, type When } from "./cutting-proxy";
import { faultWorld, until } from "./steps";

useEnv({ LATCHKEY_URL: BASE_URL });
const address = useDatabase();
const proxy = useCuttingProxy(address);
const world = faultWorld();

/** What tells of a change in the same statement is its own commit. */
const COMMIT = /^(commit|with changed as)/i;
const whens: When[] = ["before", "after"];

/** An `OpenIo` that breaks the next commit once a path has answered. */
const commitLostAfter =
  (path: string, when: When): OpenIo =>
  async (offer, context) => {
    const io = await world.at.open(offer, context);
    const fetch: typeof io.fetch = async (url, init) => {
      const answer = await io.fetch(url, init);
      if (url.endsWith(path)) proxy.arm(when, COMMIT);
      return answer;
    };
    return { ...io, fetch };
  };

const many = async (kind: string): Promise<number> => (await world.told({})).filter((one) => one === kind).length;
const holding = async () =>
  (await database().execute<{ id: string }>(sql`select id from connections where access is not null or renewal is not null`)).rows;

async function connectionOfRound() {
  const actor = await world.shop();
  return { actor, kept: await connected(world.at, actor, "oauth2") };
}

describe.each(whens)("X-20: the connection is lost %s the server has carried the commit out", (when) => {
  it("X-20: of the tokens that a code brought: read back, kept once, one code spent", async () => {
    const { actor, id } = await world.answered("oauth2");
    await exchange(actor, id, commitLostAfter("/token", when));
    expect(proxy.disarm()).toBe(true);
    const attempt = await attemptOf(id);
    expect(attempt).toMatchObject({ outcome: "connected", answer: null, verifier: null });
    expect(await holding()).toEqual([{ id: attempt.resultId }]);
    expect(world.redeemed("oauth2")).toHaveLength(1);
    expect([await many("attempt.exchanged"), await many("connection.connected")]).toEqual([1, 1]);
    expect(await testConnection(actor, attempt.resultId ?? "", world.at.open)).toMatchObject({ kind: "works" });
    expect((await renew(actor, attempt.resultId ?? "", world.at.open)).kind).toBe("renewed");
  });

  it("X-20: of the tokens, and the job has carried them on before it is read back: not brought back to life", async () => {
    const { actor, kept } = await connectionOfRound();
    const { id } = await world.answered("oauth2", { actor, connectionId: kept.id });
    let swept: Promise<void> | null = null;
    const open: OpenIo = async (offer, context) => {
      const io = await commitLostAfter("/token", when)(offer, context);
      const fetch: typeof io.fetch = async (url, init) => {
        const answer = await io.fetch(url, init);
        // Another process looks for what was left behind, all the time until the first has read it back.
        if (url.endsWith("/token"))
          swept ??= (async () => {
            for (let round = 0; round < 8; round += 1) {
              await world.pass(6);
              await sweep(world.at.open).catch(() => undefined);
              await new Promise((resolve) => setTimeout(resolve, 30));
            }
          })();
        return answer;
      };
      return { ...io, fetch };
    };
    await exchange(actor, id, open).catch(() => undefined);
    await swept;
    await world.pass(120);
    await sweep(world.at.open);
    expect(await attemptOf(id)).toMatchObject({ outcome: "renewed", resultId: kept.id });
    expect(await holding()).toEqual([{ id: kept.id }]);
    expect((await world.told({ attempt: id })).filter((kind) => kind === "attempt.exchanged")).toHaveLength(1);
    expect(await testConnection(actor, kept.id, world.at.open)).toMatchObject({ kind: "works" });
  });

  it("X-20: of a renewal: the rotated token is kept once, and the next renewal works", async () => {
    const { actor, kept } = await connectionOfRound();
    expect(await renew(actor, kept.id, commitLostAfter("/token", when))).toEqual({ kind: "renewed" });
    expect(proxy.disarm()).toBe(true);
    const row = await world.row(kept.id);
    expect(row).toMatchObject({ status: "active", generation: kept.generation + 1, sentAt: null, leaseId: null });
    expect(openGrant(row).renewal).not.toBe(openGrant(kept).renewal);
    expect((await database().execute(sql`select id from grants`)).rows).toEqual([]);
    expect(await many("connection.renewed")).toBe(1);
    expect(world.calls("oauth2", /refresh_token/)).toHaveLength(1);
    expect((await renew(actor, kept.id, world.at.open)).kind).toBe("renewed");
  });

  it("X-20: of a proven store: it is connected once", async () => {
    const { actor, id } = await world.answered("oauth2");
    await exchange(actor, id, commitLostAfter("/userinfo", when));
    expect(proxy.disarm()).toBe(true);
    const attempt = await attemptOf(id);
    expect(attempt.outcome).toBe("connected");
    expect(await holding()).toEqual([{ id: attempt.resultId }]);
    expect(await many("connection.connected")).toBe(1);
  });

  it("X-20: of a store that is renewed by its owner: the new tokens are there once, the old ones gone", async () => {
    const { actor, kept } = await connectionOfRound();
    const { id } = await world.answered("oauth2", { actor, connectionId: kept.id });
    await exchange(actor, id, commitLostAfter("/userinfo", when));
    expect(proxy.disarm()).toBe(true);
    expect(await attemptOf(id)).toMatchObject({ outcome: "renewed", resultId: kept.id });
    expect(await holding()).toEqual([{ id: kept.id }]);
    expect(openGrant(await world.row(kept.id)).renewal).not.toBe(openGrant(kept).renewal);
    expect([await many("connection.reconnected"), (await world.row(kept.id)).generation]).toEqual([1, kept.generation + 1]);
    expect((await renew(actor, kept.id, world.at.open)).kind).toBe("renewed");
  });

  it("X-20: of a revocation that is asked for: asked once, ended once", async () => {
    const { actor, kept } = await connectionOfRound();
    proxy.arm(when, COMMIT);
    expect((await revoke(actor, { connectionId: kept.id }, world.at.open)).kind).toBe("revoked");
    expect(proxy.disarm()).toBe(true);
    expect(await holding()).toEqual([]);
    const kinds = ["connection.revoke_asked", "connection.revoke_repeated", "connection.revoked"];
    expect(await Promise.all(kinds.map(many))).toEqual([1, 0, 1]);
  });

  it("X-20: of a revocation that the platform has confirmed: erased once, told once", async () => {
    const { actor, kept } = await connectionOfRound();
    expect((await revoke(actor, { connectionId: kept.id }, commitLostAfter("/revoke", when))).kind).toBe("revoked");
    expect(proxy.disarm()).toBe(true);
    expect(await world.row(kept.id)).toMatchObject({ status: "revoked", access: null, renewal: null, revokeConfirmed: "remote" });
    expect(await many("connection.revoked")).toBe(1);
  });

  it("X-20: or of the turn that is given back once the tokens have come: they are kept all the same", async () => {
    const { actor, id } = await world.answered("ultracart");
    const open = world.through((fetch) => async (url, init) => {
      const answer = await fetch(url, init);
      if (url.endsWith("/oauth/token")) proxy.arm(when, /busy_by = null/);
      return answer;
    });
    const working = exchange(actor, id, open);
    await until(() => proxy.struck());
    // The gate opens by itself when whoever held it is taken for dead.
    await world.pass(26);
    await working;
    await sweep(world.at.open);
    expect((await attemptOf(id)).outcome).toBe("connected");
    expect(world.redeemed("ultracart")).toHaveLength(1);
  });

  it("X-20: of an answer that a browser brought: the same address works again, and its code is sent once", async () => {
    const actor = await world.shop();
    const begun = await start(world.at, actor, "oauth2");
    const query = await approve(world.at, "oauth2", begun.url);
    proxy.arm(when, COMMIT);
    await expect(receiveAnswer("oauth2", query, begun.cookie, actor)).rejects.toMatchObject({ name: "DatabaseError" });
    expect((await receiveAnswer("oauth2", query, begun.cookie, actor)).kind).toBe("result");
    await exchange(actor, begun.attemptId, world.at.open);
    expect((await attemptOf(begun.attemptId)).outcome).toBe("connected");
    expect([await many("attempt.answered"), world.redeemed("oauth2").length]).toEqual([1, 1]);
  });
});
