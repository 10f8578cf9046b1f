import { sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { database } from "@/db/client";
import { DatabaseError } from "@/db/database-error";
import { exchange } from "@/lib/connections/exchange";
import { renew } from "@/lib/connections/renew";
import { revoke } from "@/lib/connections/revoke";
import { testConnection } from "@/lib/connections/test-connection";
import { useEnv } from "@/tests/auth/set-env";
import { useDatabase } from "@/tests/support/database";
import { attemptOf } from "@/tests/support/journey";
import { BASE_URL } from "@/tests/support/platforms";
import { sweep } from "@/tests/support/sweep";
import { useCuttingProxy, type When } from "./cutting-proxy";
import { emptied, faultWorld } from "./steps";

useEnv({ LATCHKEY_URL: BASE_URL });
const address = useDatabase();
const proxy = useCuttingProxy(address);
const world = faultWorld();

const whens: When[] = ["before", "after"];
/** More statements than any piece of work here has. */
const ENOUGH = 80;

/** The kinds of events of this round, sorted, without those that depend on where it was cut. */
const settled = async (...kinds: string[]) => (await world.told({})).filter((kind) => kinds.includes(kind)).sort();
const holding = async () =>
  (await database().execute<{ id: string }>(sql`select id from connections where access is not null or renewal is not null`)).rows;

/** Breaks one connection at the nth statement of `work`; false: it has fewer. What work throws must be the database's error. */
async function cutAt(when: When, nth: number, work: () => Promise<unknown>): Promise<boolean> {
  proxy.arm(when, nth);
  await work().catch((error: unknown) => expect(error).toBeInstanceOf(DatabaseError));
  return proxy.disarm();
}

/** The job comes by until nothing is left for it, three times at most. */
async function recover(done: () => Promise<boolean>): Promise<void> {
  for (let round = 0; round < 3 && !(await done()); round += 1) {
    await world.pass(61);
    await sweep(world.at.open);
  }
}

async function begin(keeping = false): Promise<void> {
  await emptied(keeping);
  world.at.simulators.oauth2.ledger.clear();
}

describe.each(whens)("a connection is lost %s one statement, whichever it is", (when) => {
  it("X-20: of an exchange: a code is sent once at most, and what it brought is connected once", async () => {
    const actor = await world.shop();
    let connectedRounds = 0;
    let nth = 1;
    for (; nth < ENOUGH; nth += 1) {
      await begin();
      const { id } = await world.answered("oauth2", { actor });
      const cut = await cutAt(when, nth, () => exchange(actor, id, world.at.open));
      if (cut) await recover(async () => (await attemptOf(id)).status === "finished");
      const attempt = await attemptOf(id);
      const sent = world.redeemed("oauth2").length;
      expect(sent, `statement ${nth}`).toBeLessThanOrEqual(1);
      if (sent === 0) {
        // Between the claim and the sending: nobody can tell, so the merchant starts again.
        expect(attempt, `statement ${nth}`).toMatchObject({ outcome: "unreachable", troubleCode: "outcome_unknown", answer: null });
        expect(await holding()).toEqual([]);
      } else {
        connectedRounds += 1;
        expect(attempt, `statement ${nth}`).toMatchObject({ outcome: "connected", answer: null, verifier: null });
        expect(await holding()).toEqual([{ id: attempt.resultId }]);
        expect(await settled("attempt.exchanged", "connection.connected")).toEqual(["attempt.exchanged", "connection.connected"]);
      }
      if (!cut) break;
    }
    expect(nth).toBeGreaterThan(15);
    expect(nth).toBeLessThan(ENOUGH);
    expect(connectedRounds).toBeGreaterThan(nth - 8);
  });

  it("X-20: of a renewal: the store still works and renews, and no token is lost or kept twice", async () => {
    const actor = await world.shop();
    const { id } = await world.standardStore(actor, "renewed");
    let nth = 1;
    for (; nth < ENOUGH; nth += 1) {
      await begin(true);
      const kept = await world.row(id);
      const cut = await cutAt(when, nth, () => renew(actor, kept.id, world.at.open));
      if (cut) await world.pass(200);
      const row = await world.row(kept.id);
      expect(row.status, `statement ${nth}`).toBe("active");
      expect((await database().execute(sql`select id from grants`)).rows, `statement ${nth}`).toEqual([]);
      // The simulated platform ends everything when a rotated token comes back: this shows that the newest is the one that is held.
      expect((await renew(actor, kept.id, world.at.open)).kind, `statement ${nth}`).toBe("renewed");
      expect(await testConnection(actor, kept.id, world.at.open)).toMatchObject({ kind: "works" });
      const renewals = world.calls("oauth2", /refresh_token/).map(({ status }) => status);
      expect(renewals, `statement ${nth}`).toEqual(renewals.map(() => 200));
      expect((await settled("connection.renewed")).length, `statement ${nth}`).toBe(renewals.length);
      if (!cut) break;
    }
    expect(nth).toBeGreaterThan(6);
    expect(nth).toBeLessThan(ENOUGH);
  });

  it("V-01: of a revocation: ended at the platform and here, told once, and never served again once it was asked for", async () => {
    const actor = await world.shop();
    let nth = 1;
    for (; nth < ENOUGH; nth += 1) {
      await begin();
      const kept = await world.standardStore(actor, `revoked-${nth}`);
      const cut = await cutAt(when, nth, () => revoke(actor, { connectionId: kept.id }, world.at.open));
      const asked = (await world.row(kept.id)).status !== "active";
      if (asked) {
        expect((await renew(actor, kept.id, world.at.open)).kind, `statement ${nth}`).toBe("cannot");
        expect((await testConnection(actor, kept.id, world.at.open)).kind, `statement ${nth}`).toBe("cannot");
        await recover(async () => (await world.row(kept.id)).status === "revoked");
      } else {
        // Nothing had begun, which the person was told by an error: they ask again.
        expect((await revoke(actor, { connectionId: kept.id }, world.at.open)).kind).toBe("revoked");
      }
      expect(await world.row(kept.id), `statement ${nth}`).toMatchObject({ status: "revoked", access: null, renewal: null });
      expect(await holding()).toEqual([]);
      expect(Object.values(world.at.simulators.oauth2.state.families).filter(({ ended }) => !ended)).toEqual([]);
      expect(world.calls("oauth2", /refresh_token/)).toEqual([]);
      expect(await settled("connection.revoke_asked", "connection.revoked")).toEqual(["connection.revoke_asked", "connection.revoked"]);
      if (!cut) break;
    }
    expect(nth).toBeGreaterThan(10);
    expect(nth).toBeLessThan(ENOUGH);
  });
});
