import { readFileSync } from "node:fs";
import { describe, expect, it, vi } from "vitest";
import { DatabaseError } from "@/db/database-error";
import { worker } from "@/lib/auth/actor";
import { exchange } from "@/lib/connections/exchange";
import { importGrant } from "@/lib/connections/import-grant";
import type { OpenIo } from "@/lib/connections/open-io";
import { renewOnce } from "@/lib/connections/renew-once";
import { replayJournals } from "@/lib/connections/replay-journals";
import { revoke } from "@/lib/connections/revoke";
import { showAttempt } from "@/lib/connections/show-attempt";
import { testConnection } from "@/lib/connections/test-connection";
import { ownJournals } from "@/lib/journal/journal";
import { useEnv } from "@/tests/auth/set-env";
import { useDatabase, whileClosed } from "@/tests/support/database";
import { attemptOf, connectionOf, staff } from "@/tests/support/journey";
import { BASE_URL } from "@/tests/support/platforms";
import { sweep } from "@/tests/support/sweep";
import { breakWrites, useJournal } from "./journal-folder";
import { environmentOf, useOtherProcesses } from "./other-process";
import { expectNewest, makeDue, spendings } from "./race";
import { faultWorld } from "./steps";

useEnv({ LATCHKEY_URL: BASE_URL });
const address = useDatabase();
const world = faultWorld();
const others = useOtherProcesses(address);
const kept = useJournal();

const replay = () => replayJournals(world.at.open);
const entries = () => [...ownJournals].reduce((sum, own) => sum + own.kept.size, 0);

/** The database goes when a path has answered, and longer than a write is repeated for. */
function goneAfter(path: string): { open: OpenIo; gone: Promise<void>; back: () => void } {
  const real = performance.now.bind(performance);
  let back: () => void = () => undefined;
  const away = new Promise<void>((resolve) => {
    back = resolve;
  });
  let gone: Promise<void> = Promise.resolve();
  const open = world.through((fetch) => async (url, init) => {
    const answer = await fetch(url, init);
    if (!url.includes(path) || !answer.ok) return answer;
    await new Promise<void>((closed) => {
      gone = whileClosed(address(), () => {
        closed();
        return away;
      });
    });
    let asked = 0;
    // Every look at the clock is later than the longest time for which a write is repeated.
    vi.spyOn(performance, "now").mockImplementation(() => {
      asked += 1;
      return real() + asked * 200_000;
    });
    return answer;
  });
  return {
    open,
    get gone() {
      return gone;
    },
    back: () => {
      vi.restoreAllMocks();
      back();
    },
  };
}

describe("X-12: the database is down after the token answer", () => {
  it("X-12: longer than a write is repeated: what was issued is stored when it is back, and the code was spent once", async () => {
    const { actor, id } = await world.answered("oauth2");
    const outage = goneAfter("/token");
    await expect(exchange(actor, id, outage.open)).rejects.toBeInstanceOf(DatabaseError);
    await expect(replay()).resolves.toBeUndefined();
    expect(entries()).toBe(1);
    outage.back();
    await outage.gone;
    // Meanwhile the attempt was given up, as one whose outcome is not known.
    await world.pass(60);
    await sweep(world.at.open);
    expect((await showAttempt(actor, id)).outcome).toBe("unreachable");
    await replay();
    await world.pass(6);
    await sweep(world.at.open);
    const attempt = await attemptOf(id);
    expect(attempt.outcome).toBe("connected");
    expect(world.redeemed("oauth2")).toHaveLength(1);
    expect(await testConnection(actor, attempt.resultId ?? "", world.at.open)).toMatchObject({ kind: "works" });
    await replay();
    expect(entries()).toBe(0);
    expect(await world.told({ attempt: id })).toEqual([
      "attempt.started",
      "attempt.answered",
      "attempt.in_doubt",
      "attempt.exchanged",
      "connection.connected",
    ]);
  });

  it("X-12: of a grant that an admin brought and that was exchanged for another: there when the database is", async () => {
    const admin = await staff("admin");
    const merchantId = (await world.shop()).merchants[0]?.id ?? "";
    const legacy = world.at.simulators.square.issueLegacy("MLRIYADH00001");
    const outage = goneAfter("/oauth2/token");
    const values = { access_token: legacy, migration: "migration_token" };
    await expect(importGrant(admin, { offer: "square", merchantId, values }, outage.open)).rejects.toBeInstanceOf(DatabaseError);
    outage.back();
    await outage.gone;
    await replay();
    await world.pass(6);
    await sweep(world.at.open);
    expect((await world.told({})).slice(0, 3)).toEqual(["attempt.started", "attempt.exchanged", "connection.connected"]);
    expect(world.calls("square", /^token$/)).toHaveLength(1);
    expect(entries()).toBe(0);
  });
});

describe("R-02/R-16: the database is gone when a rotated token arrives", () => {
  it("R-02/R-16: stored under its own epoch when it is back, and nobody spends meanwhile", async () => {
    const owner = await world.shop();
    const { id } = await world.standardStore(owner, "journal-1");
    await makeDue([id]);
    const outage = goneAfter("/token");
    await expect(renewOnce(worker, id, ["active"], outage.open)).rejects.toBeInstanceOf(DatabaseError);
    outage.back();
    await outage.gone;
    await world.pass(35);
    expect((await renewOnce(worker, id, ["active"], world.at.open)).kind).toBe("busy");
    await replay();
    expect(spendings(world)).toEqual([200]);
    expect(await world.row(id)).toMatchObject({ status: "active", trouble: null, sentAt: null, leaseId: null, generation: 2 });
    expectNewest(world, await world.row(id));
    expect(entries()).toBe(0);
  });

  it("R-02: another holder was there before it is replayed: kept beside the row, and in its place once that is refused", async () => {
    world.at.simulators.oauth2.switches.reuseEndsFamily = false;
    const owner = await world.shop();
    const { id } = await world.standardStore(owner, "journal-2");
    await makeDue([id]);
    const outage = goneAfter("/token");
    await expect(renewOnce(worker, id, ["active"], outage.open)).rejects.toBeInstanceOf(DatabaseError);
    outage.back();
    await outage.gone;
    await world.pass(125);
    // The one try after the doubt is refused: the token was spent by the answer that nobody stored.
    expect((await renewOnce(worker, id, ["active"], world.at.open)).kind).toBe("failed");
    expect((await world.row(id)).status).toBe("reconnect");
    await replay();
    expect((await world.row(id)).status).toBe("active");
    expect((await renewOnce(worker, id, ["active"], world.at.open)).kind).toBe("renewed");
    expectNewest(world, await world.row(id));
    await replay();
    expect(await world.told({ connection: id })).toEqual(expect.arrayContaining(["grant.kept", "grant.promoted"]));
    expect(entries()).toBe(0);
  });
});

it("R-02: killed when it had committed and not let go of it yet, and renewed again since: nothing old is kept beside what is newer", async () => {
  const owner = await world.shop();
  const { id } = await world.standardStore(owner, "journal-3");
  const oauth2 = await others.serve(world.at.simulators.oauth2);
  const environment = { ...environmentOf(world.at, { oauth2 }), LATCHKEY_JOURNAL: kept.folder, LATCHKEY_CRASH_AT: "renew.settle.after" };
  const other = await others.begin("doomed", ["renew", id, JSON.stringify(owner)], environment);
  expect(await other.ended, other.output()).toBe("SIGKILL");
  expect((await renewOnce(worker, id, ["active"], world.at.open)).kind).toBe("renewed");
  await replay();
  expect(await world.told({ connection: id })).toEqual(["connection.renewed", "connection.renewed"]);
  expectNewest(world, await world.row(id));
  expect(kept.files()).toHaveLength(1);
});

describe("killed with a key in its hands that is shown once", () => {
  /** Noon's whole way in a process of its own that dies; resolves to the attempt's id, whose owner and journal stay. */
  async function killedAt(point: string) {
    const { actor, id } = await world.answered("noon");
    const noon = await others.serve(world.at.simulators.noon);
    const environment = { ...environmentOf(world.at, { noon }), LATCHKEY_JOURNAL: kept.folder, LATCHKEY_CRASH_AT: point };
    const other = await others.begin("doomed", ["exchange", id, JSON.stringify(actor)], environment);
    expect(await other.ended, other.output()).toBe("SIGKILL");
    return { actor, id };
  }
  const steps = () => ["token/create", "token/exchange"].map((name) => world.calls("noon", new RegExp(`^${name}$`)).length);

  it.each([
    ["X-13", "token/create is in the journal", "journal.write.after", [1, 0]],
    ["X-13", "token/create is committed", "exchange.committed", [1, 0]],
    ["X-14", "token/exchange is in the journal", "journal.write.after:2", [1, 1]],
    ["X-14", "token/exchange was read", "renew.answered", [1, 1]],
    ["X-14", "token/exchange is committed", "renew.settled", [1, 1]],
  ])("X-13/X-14 (%s): killed when %s: the store is connected with what was issued, and nothing is asked for twice", async (...row) => {
    const [, , point, before] = row;
    const { id } = await killedAt(point);
    expect(steps()).toEqual(before);
    await replay();
    await world.pass(40);
    await sweep(world.at.open);
    expect(await attemptOf(id)).toMatchObject({ outcome: "connected" });
    expect(steps()).toEqual([1, 1]);
    expect((await connectionOf(await attemptOf(id))).status).toBe("active");
    await replay();
    // Its own file; the dead one's is gone.
    expect(kept.files()).toHaveLength(1);
  });

  it("X-13: killed when it had committed and not let go of it yet, and ended by support since: it is not brought back to life", async () => {
    const { id } = await killedAt("exchange.store.after");
    const pending = (await attemptOf(id)).resultId ?? "";
    await revoke(await staff("support"), { connectionId: pending, reason: "asked" }, world.at.open);
    await replay();
    await world.pass(40);
    await sweep(world.at.open);
    expect(await attemptOf(id)).toMatchObject({ outcome: "abandoned", resultId: null });
    expect(steps()).toEqual([1, 0]);
    expect(kept.files()).toHaveLength(1);
  });

  it("X-14: killed with the last byte read and nothing written: lost, in doubt for two minutes, one more try, and told so", async () => {
    const { id } = await killedAt("call.kept.after:2");
    await replay();
    for (const seconds of [40, 90, 300]) {
      await world.pass(seconds);
      await sweep(world.at.open);
    }
    expect(steps()).toEqual([1, 2]);
    expect((await attemptOf(id)).outcome).toBe("refused");
  });
});

describe("X-15: Noon's second step and a database that stops", () => {
  it.each([
    ["before it", "token/create", 0],
    ["after it", "token/exchange", 1],
  ])("X-15: %s: the key is asked for once and stored", async (_when, path, asked) => {
    const { actor, id } = await world.answered("noon");
    const outage = goneAfter(path);
    await exchange(actor, id, outage.open).catch(() => undefined);
    expect(world.calls("noon", /^token\/exchange$/)).toHaveLength(asked);
    outage.back();
    await outage.gone;
    await replay();
    await world.pass(70);
    await sweep(world.at.open);
    expect((await attemptOf(id)).outcome).toBe("connected");
    expect(world.calls("noon", /^token\/(create|exchange)$/)).toHaveLength(2);
  });

  it("X-15: the journal takes nothing: the second step is not called until it does", async () => {
    const { actor, id } = await world.answered("noon");
    const open = world.through((fetch) => async (url, init) => {
      const answer = await fetch(url, init);
      if (url.includes("token/create")) await breakWrites("EIO");
      return answer;
    });
    await exchange(actor, id, open);
    expect((await attemptOf(id)).status).toBe("issued");
    expect(world.calls("noon", /^token\/exchange$/)).toHaveLength(0);
    vi.restoreAllMocks();
    await world.pass(40);
    await sweep(world.at.open);
    expect((await attemptOf(id)).outcome).toBe("connected");
  });
});

describe("X-18: the disk is full", () => {
  it("X-18: no code is sent and no token is spent until there is room, and nobody is blamed", async () => {
    const { actor, id } = await world.answered("oauth2");
    const store = await world.standardStore(actor, "full");
    await makeDue([store.id]);
    await breakWrites("ENOSPC");
    await exchange(actor, id, world.at.open);
    await sweep(world.at.open);
    expect(world.redeemed("oauth2")).toEqual([]);
    expect(spendings(world)).toEqual([]);
    expect((await attemptOf(id)).status).toBe("answered");
    expect(await world.row(store.id)).toMatchObject({ status: "active", failures: 0, trouble: null });
    vi.restoreAllMocks();
    await world.pass(20);
    await sweep(world.at.open);
    expect((await attemptOf(id)).outcome).toBe("connected");
    expect(spendings(world)).toEqual([200]);
  });

  it("X-18: full with the answer in hand: it has its room already, and where even that fails the database has it", async () => {
    const { actor, id } = await world.answered("oauth2");
    const open = world.through((fetch) => async (url, init) => {
      const answer = await fetch(url, init);
      if (url.endsWith("/token")) await breakWrites("ENOSPC");
      return answer;
    });
    await exchange(actor, id, open);
    expect((await attemptOf(id)).outcome).toBe("connected");
    expect(world.redeemed("oauth2")).toHaveLength(1);
  });
});

it("what is kept is sealed, bound to its place, and gone from the disk once it is committed", async () => {
  const { actor, id } = await world.answered("oauth2");
  const outage = goneAfter("/token");
  await exchange(actor, id, outage.open).catch(() => undefined);
  outage.back();
  await outage.gone;
  const bytes = () => readFileSync(`${kept.folder}/${kept.files()[0]}`).toString("latin1");
  expect(bytes()).toContain("lk1.");
  expect(bytes()).not.toContain("CNRY-");
  await replay();
  expect(bytes()).not.toContain("lk1.");
});
