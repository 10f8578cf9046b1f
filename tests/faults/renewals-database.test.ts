import { randomBytes } from "node:crypto";
import { sql } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, inject, it, vi } from "vitest";
import { database } from "@/db/client";
import { DatabaseError } from "@/db/database-error";
import { worker } from "@/lib/auth/actor";
import { renewOnce } from "@/lib/connections/renew-once";
import { renewing } from "@/lib/jobs/renewing";
import { setEnv, useEnv } from "@/tests/auth/set-env";
import { administer, endSessions } from "@/tests/support/administer";
import { useDatabase, whileClosed } from "@/tests/support/database";
import { BASE_URL } from "@/tests/support/platforms";
import { expectNewest, makeDue, spendings } from "./race";
import { faultWorld, until } from "./steps";

useEnv({ LATCHKEY_URL: BASE_URL });
const address = useDatabase();
const world = faultWorld();

const round = () => renewing.round({ open: world.at.open, stopping: () => false });

async function stores(many: number): Promise<string[]> {
  const owner = await world.shop();
  const ids: string[] = [];
  for (let index = 0; index < many; index += 1) ids.push((await world.standardStore(owner, `stored-${index}`)).id);
  await makeDue(ids);
  return ids;
}

it("R-15: the database is down when the worker wakes: nothing is asked for, and when it is back everything is done", async () => {
  const ids = await stores(4);
  await whileClosed(address(), async () => {
    for (const _time of [1, 2, 3, 4, 5]) await expect(round()).rejects.toBeInstanceOf(DatabaseError);
    await expect(renewOnce(worker, ids[0] ?? "", ["active"], world.at.open)).rejects.toBeInstanceOf(DatabaseError);
  });
  expect(world.sent()).toEqual([]);
  await round();
  expect(spendings(world)).toEqual([200, 200, 200, 200]);
  for (const id of ids) expectNewest(world, await world.row(id));
});

describe("R-16: the database takes nothing any more once the lease is taken", () => {
  const server = () => inject("databaseServer");
  const name = () => new URL(address()).pathname.slice(1);
  const readOnly = async (on: boolean) => {
    await administer(server(), `alter database ${name()} set default_transaction_read_only = ${on ? "on" : "off"}`);
    await endSessions(server(), name());
  };
  /** Writable again, and nobody is handed a connection any more that has ended. */
  const writable = async () => {
    await readOnly(false);
    for (let good = 0; good < 5; await new Promise((resolve) => setTimeout(resolve, 10)))
      good = await database()
        .execute(sql`update clock set ahead = ahead`)
        .then(
          () => good + 1,
          () => 0,
        );
  };
  afterEach(async () => {
    vi.restoreAllMocks();
    await writable();
  });

  it("R-16: read-only for a minute, as in a failover: what was won is settled when it is back, and nobody spends meanwhile", async () => {
    const [id = ""] = await stores(1);
    const real = performance.now.bind(performance);
    let broken = false;
    const open = world.through((fetch) => async (url, init) => {
      const answer = await fetch(url, init);
      if (!url.endsWith("/token")) return answer;
      await readOnly(true);
      broken = true;
      return answer;
    });
    const held = renewOnce(worker, id, ["active"], open);
    await until(() => broken);
    await expect(renewOnce(worker, id, ["active"], world.at.open)).rejects.toBeInstanceOf(DatabaseError);
    await expect(round()).rejects.toBeInstanceOf(DatabaseError);
    // A minute later it is still at it.
    vi.spyOn(performance, "now").mockImplementation(() => real() + 60_000);
    await new Promise((resolve) => setTimeout(resolve, 600));
    await writable();
    expect(await held).toEqual({ kind: "renewed" });
    expect(spendings(world)).toEqual([200]);
    expect(await world.row(id)).toMatchObject({ status: "active", trouble: null, sentAt: null, generation: 2 });
    expectNewest(world, await world.row(id));
  });

  it("R-16: read-only before it is committed that it is sent: nothing is", async () => {
    const [id = ""] = await stores(1);
    const open: typeof world.at.open = async (offer, context) => {
      const io = await world.at.open(offer, context);
      await readOnly(true);
      return io;
    };
    await expect(renewOnce(worker, id, ["active"], open)).rejects.toBeInstanceOf(DatabaseError);
    await writable();
    expect(world.sent()).toEqual([]);
    await world.pass(31);
    await round();
    expect(spendings(world)).toEqual([200]);
    expectNewest(world, await world.row(id));
  });
});

describe("R-17: a row that cannot be read", () => {
  const right = { value: "" };
  beforeEach(() => {
    right.value = process.env.LATCHKEY_KEYS ?? "";
  });
  afterEach(() => setEnv({ LATCHKEY_KEYS: right.value }));
  const another = () => `t2:${randomBytes(32).toString("base64")}`;

  it("R-17: a byte of it is another: told, not called for, not overwritten, and the others go on", async () => {
    const [broken = "", ...others] = await stores(5);
    await database().execute(sql`update connections set renewal = overlay(renewal placing (case right(renewal, 9) when 'A' then 'B' else 'A' end)
      from length(renewal) - 8 for 1) where id = ${broken}`);
    const before = await world.row(broken);
    await round();
    expect(spendings(world)).toEqual([200, 200, 200, 200]);
    for (const id of others) expectNewest(world, await world.row(id));
    expect(await world.row(broken)).toMatchObject({
      status: "reconnect",
      troubleCode: "unreadable",
      access: before.access,
      renewal: before.renewal,
      leaseId: null,
    });
    await makeDue([broken]);
    await round();
    expect(spendings(world)).toHaveLength(4);
  });

  it("R-17: the key of one is missing here: the others go on, nobody is demoted, and with the key it is renewed", async () => {
    const [old = ""] = await stores(1);
    const before = await world.row(old);
    const fresh = another();
    setEnv({ LATCHKEY_KEYS: fresh });
    const owner = await world.shop();
    const others = [(await world.standardStore(owner, "fresh-1")).id, (await world.standardStore(owner, "fresh-2")).id];
    await makeDue([old, ...others]);
    await round();
    expect(spendings(world)).toEqual([200, 200]);
    expect(await world.row(old)).toMatchObject({
      status: "active",
      trouble: "operator",
      troubleCode: "key_missing",
      access: before.access,
      renewal: before.renewal,
    });
    expect(await world.told({})).not.toContain("incident.opened");
    setEnv({ LATCHKEY_KEYS: `${fresh},${right.value}` });
    await world.pass(20);
    await round();
    expect(spendings(world)).toEqual([200, 200, 200]);
    const row = await world.row(old);
    expect(row).toMatchObject({ status: "active", trouble: null });
    expect(row.renewal).toMatch(/^lk1\.t2\./);
    expectNewest(world, row);
  });
});
