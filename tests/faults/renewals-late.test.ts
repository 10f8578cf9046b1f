import { sql } from "drizzle-orm";
import { expect, it } from "vitest";
import { claimConnection } from "@/db/claims";
import { database, transaction } from "@/db/client";
import { findCandidates } from "@/db/connections";
import { openIncidents } from "@/db/incidents";
import { worker } from "@/lib/auth/actor";
import { keepLate } from "@/lib/connections/keep-late";
import { renewOnce } from "@/lib/connections/renew-once";
import { restate } from "@/lib/connections/restate";
import { openGrant } from "@/lib/connections/sealed-grant";
import { useEnv } from "@/tests/auth/set-env";
import { plainClient } from "@/tests/support/administer";
import { useDatabase } from "@/tests/support/database";
import { BASE_URL } from "@/tests/support/platforms";
import { expectNewest, spendings } from "./race";
import { faultWorld, until } from "./steps";

useEnv({ LATCHKEY_URL: BASE_URL });
const address = useDatabase();
const world = faultWorld();

it("R-05/R-10: a refusal is about to be believed at the very moment at which a late holder keeps what it won: it is used", async () => {
  world.at.simulators.oauth2.switches.reuseEndsFamily = false;
  const { id } = await world.standardStore(await world.shop(), "at-once");
  const [late, next] = [world.heldBack("/token"), world.heldBack("/token")];
  const first = renewOnce(worker, id, ["active"], late.open);
  await late.arrived();
  await world.pass(121);
  const second = renewOnce(worker, id, ["active"], next.open);
  await next.arrived();
  expect(spendings(world)).toEqual([200, 400]);
  // Somebody has the row, so that neither of the two can change it before the other has looked.
  const between = await plainClient(address());
  const waiting = async (many: number) => {
    for (const end = performance.now() + 10_000; performance.now() < end; await new Promise((resolve) => setTimeout(resolve, 10))) {
      const found = await database().execute(
        sql`select pid from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
      );
      if (found.rows.length === many) return;
    }
  };
  await between.query("begin");
  await between.query("select 1 from connections where id = $1 for no key update", [id]);
  const refused = next.letGo(second);
  await waiting(1);
  const kept = late.letGo(first);
  await Promise.race([kept, waiting(2)]);
  await between.query("commit");
  await between.end();
  await Promise.all([refused, kept]);
  const row = await world.row(id);
  expect(row).toMatchObject({ status: "active", trouble: null });
  expectNewest(world, row);
  expect(await findCandidates(database(), id)).toEqual([]);
});

it("R-10: refused because another process had renewed meanwhile: nobody is demoted, and nothing is told but the renewal", async () => {
  world.at.simulators.oauth2.switches.reuseEndsFamily = false;
  const { id } = await world.standardStore(await world.shop(), "overtaken");
  let leave: () => void = () => undefined;
  const open = world.through((fetch) => async (url, init) => {
    if (url.endsWith("/token")) await new Promise<void>((resolve) => (leave = resolve));
    return fetch(url, init);
  });
  const unset = leave;
  const first = renewOnce(worker, id, ["active"], open);
  await until(() => leave !== unset);
  await world.pass(121);
  expect(await renewOnce(worker, id, ["active"], world.at.open)).toEqual({ kind: "renewed" });
  const renewed = await world.row(id);
  leave();
  expect(await first).toEqual({ kind: "busy" });
  expect(spendings(world)).toEqual([200, 400]);
  expect(await world.row(id)).toEqual(renewed);
  expectNewest(world, renewed);
  expect(await world.told({ connection: id })).toEqual(["connection.renewed"]);
});

it("R-10: what is held is refused while a newer grant is kept beside it: that one is used, and nobody is asked to reconnect", async () => {
  world.at.simulators.oauth2.switches.reuseEndsFamily = false;
  const { id } = await world.standardStore(await world.shop(), "kept-beside");
  const ask = () => renewOnce(worker, id, ["active"], world.at.open);
  const before = await world.row(id);
  expect(await ask()).toEqual({ kind: "renewed" });
  const row = await world.row(id);
  const { access, renewal } = openGrant(row);
  await transaction((tx) => keepLate(tx, worker, row, { access, renewal, expiresAt: null, scopes: null }, row));
  await database().execute(sql`update connections set renewal = ${before.renewal} where id = ${id}`);
  expect(await ask()).toEqual({ kind: "renewed" });
  expect(spendings(world)).toEqual([200, 400, 200]);
  expect(await world.row(id)).toMatchObject({ status: "active", trouble: null });
  expect(await world.told({ connection: id })).not.toContain("connection.needs_reconnect");
});

it("R-10: refused for good: its owner is told once, however often anybody tries", async () => {
  const { id } = await world.standardStore(await world.shop(), "removed");
  world.at.simulators.oauth2.revokeAtPlatform("removed");
  const ask = () => renewOnce(worker, id, ["active", "reconnect"], world.at.open);
  expect(await ask()).toMatchObject({ kind: "failed", error: { trouble: "reconnect", code: "refresh_refused" } });
  for (const _time of [1, 2, 3]) expect((await ask()).kind).toBe("failed");
  expect(await world.row(id)).toMatchObject({ status: "reconnect", troubleCode: "refresh_refused" });
  expect(await world.told({ connection: id })).toEqual(["connection.needs_reconnect"]);
});

it("R-09: a lost answer stays in doubt through an outage and a wrong client secret, and a refusal then says what was lost", async () => {
  const { id } = await world.standardStore(await world.shop(), "lost");
  const { client } = world.at.simulators.oauth2;
  const ask = () => renewOnce(worker, id, ["active"], world.at.open);
  const inDoubt = async () => {
    await restate();
    expect(await world.row(id)).toMatchObject({ status: "active", state: "refresh_failing", trouble: "doubt" });
  };
  world.at.faults.push({ kind: "reset-after-issuing", match: "/token", calls: 1 });
  expect(await ask()).toMatchObject({ kind: "failed", error: { trouble: "doubt" } });
  await inDoubt();
  await world.pass(119);
  expect(await ask()).toEqual({ kind: "busy" });
  await world.pass(2);
  world.at.faults.push({ kind: "unreachable", match: "/token", calls: 1 });
  expect(await ask()).toMatchObject({ kind: "failed", error: { trouble: "transient", code: "unreachable" } });
  await inDoubt();
  const secret = client.secret;
  client.secret = `${secret}-other`;
  expect(await ask()).toMatchObject({ kind: "failed", error: { trouble: "operator" } });
  await inDoubt();
  client.secret = secret;
  await world.pass(61);
  expect(await ask()).toMatchObject({ kind: "failed", error: { trouble: "reconnect", code: "outcome_lost" } });
  expect(await world.row(id)).toMatchObject({ status: "reconnect", troubleCode: "outcome_lost" });
  expect(spendings(world)).toEqual([200, 401, 400]);
});

it("R-11/R-05: a probe whose lease was lost before it asked has found nothing out: the incident stays open", async () => {
  const { id } = await world.standardStore(await world.shop(), "probe");
  world.at.simulators.oauth2.rotateClientSecret();
  expect((await renewOnce(worker, id, ["active"], world.at.open)).kind).toBe("failed");
  await world.pass(61);
  const overtaken: typeof world.at.open = async (offer, context) => {
    await world.pass(31);
    await claimConnection(database(), id, "lease_another", 30, 120, ["active"]);
    return world.at.open(offer, context);
  };
  expect(await renewOnce(worker, id, ["active"], overtaken)).toEqual({ kind: "busy" });
  expect(await openIncidents(database())).toHaveLength(1);
  expect(spendings(world)).toEqual([401]);
});
