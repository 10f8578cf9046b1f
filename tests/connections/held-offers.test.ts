import { sql } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ActiveRule } from "@/db/alert-rules";
import { claimDue } from "@/db/claims";
import { database } from "@/db/client";
import { findConnection } from "@/db/connections";
import { findCauses } from "@/lib/alerts/find-causes";
import { catalogueEntry, connectable } from "@/lib/connections/catalogue";
import { connectCredentials } from "@/lib/connections/connect-credentials";
import { explain } from "@/lib/connections/explain";
import { renew } from "@/lib/connections/renew";
import { restate } from "@/lib/connections/restate";
import { revoke } from "@/lib/connections/revoke";
import { show } from "@/lib/connections/show";
import { noteCall, writeCalls } from "@/lib/offers/call-counts";
import { pauseOffer, resumeOffer } from "@/lib/offers/pause-offer";
import { moveClock, resetClock } from "@/tests/auth/people";
import { useEnv } from "@/tests/auth/set-env";
import { useDatabase } from "@/tests/support/database";
import { empty } from "@/tests/support/empty";
import { otherProcess } from "@/tests/support/harbor";
import { aMerchant, connected, norceValues, staff, start } from "@/tests/support/journey";
import { BASE_URL, platforms } from "@/tests/support/platforms";
import { sweep } from "@/tests/support/sweep";

useEnv({ LATCHKEY_URL: BASE_URL });
useDatabase();

let at = platforms();
let serial = 0;
const shop = () => aMerchant(`Shop ${++serial}`);
const calls = (slug: "square" | "oauth2") => at.simulators[slug].ledger.calls.length;
const stateOf = async (id: string) => {
  await restate();
  return (await database().execute<{ state: string }>(sql`select state from connections where id = ${id}`)).rows[0]?.state;
};
/** As old as the platform's late line and a day, and due. */
const late = (id: string) =>
  database().execute(
    sql`update connections set issued_at = app_now() - interval '9 days', next_refresh_at = app_now(), next_proof_at = app_now() where id = ${id}`,
  );
const WHY = { reason: "Square's own outage", hours: 4 };

beforeEach(async () => {
  at = platforms();
  await empty("offers", "offer_pauses", "offer_minutes", "connections", "attempts", "gates", "platform_sessions", "incidents", "events");
});
afterEach(resetClock);

describe("A9: an admin holds a platform's renewals back", () => {
  it("A9: nothing of it is renewed or proved, in any process; a person's own wish and a revocation are carried out", async () => {
    const admin = await staff("admin");
    const { id } = await connected(at, await shop(), "square");
    const { id: ended } = await connected(at, await shop(), "square");
    const { id: neighbour } = await connected(at, await shop(), "oauth2");
    for (const each of [id, neighbour]) await late(each);
    await pauseOffer(admin, "square", WHY);
    const other = otherProcess();
    const before = calls("square");
    await other(() => sweep(at.open));
    expect(calls("square")).toBe(before);
    expect((await findConnection(database(), neighbour))?.generation).toBeGreaterThan(1);
    // Whoever was in the middle of a round claims nothing more.
    const claim = { offer: "square", leaseId: "lease_x", leaseS: 30, doubtS: 120, limit: 9, suspects: false };
    expect(await claimDue(database(), claim)).toEqual([]);
    expect((await renew(admin, id, at.open)).kind).toBe("renewed");
    await revoke(admin, { connectionId: ended, reason: "Asked for by the owner" }, at.open);
    expect(await findConnection(database(), ended)).toMatchObject({ status: "revoked", revokeConfirmed: "remote" });

    await late(id);
    await resumeOffer(admin, "square");
    const waiting = calls("square");
    await sweep(at.open);
    expect(calls("square")).toBeGreaterThan(waiting);
  });

  it("A9: nobody calls it late meanwhile, no alert is opened, and both come back with the end of the pause", async () => {
    const admin = await staff("admin");
    const merchant = await shop();
    const { id } = await connected(at, merchant, "square");
    await late(id);
    const rule = [{ kind: "renewal_late" as const, threshold: 1, enabled: true, destinationId: "dst_1" }] as unknown as ActiveRule[];
    expect(await stateOf(id)).toBe("renewal_late");
    expect(await findCauses(rule)).toHaveLength(1);
    await pauseOffer(admin, "square", WHY);
    expect(await stateOf(id)).toBe("healthy");
    expect(await findCauses(rule)).toEqual([]);
    expect((await show(merchant, id)).connection).toMatchObject({ state: "healthy", paused: { reason: "Square's own outage" } });
    await resumeOffer(admin, "square");
    expect(await stateOf(id)).toBe("renewal_late");
    // By itself, and to the minute.
    await pauseOffer(admin, "square", WHY);
    expect(await stateOf(id)).toBe("healthy");
    await moveClock("239 minutes");
    expect(await stateOf(id)).toBe("healthy");
    await moveClock("61 seconds");
    expect(await stateOf(id)).toBe("renewal_late");
    expect((await show(merchant, id)).connection.paused).toBeNull();
    const told = await database().execute<{ kind: string; reason: string | null }>(
      sql`select kind, reason from events where kind like 'offer.%' order by id`,
    );
    expect(told.rows).toEqual([
      { kind: "offer.paused", reason: "Square's own outage" },
      { kind: "offer.resumed", reason: null },
      { kind: "offer.paused", reason: "Square's own outage" },
    ]);
  });

  it("A9: nothing that is held back is told to be under way or due before its end", async () => {
    const [admin, merchant] = [await staff("admin"), await shop()];
    const { id } = await connected(at, merchant, "square");
    await late(id);
    await pauseOffer(admin, "square", WHY);
    const said = async () => {
      const { connection, asOf } = await show(merchant, id);
      return { ...connection, text: explain(connection, "en", { timeZone: "UTC", now: asOf }) };
    };
    const healthy = await said();
    expect(healthy.renewsAt).toEqual(healthy.paused?.until);
    await database().execute(sql`update connections set expires_at = app_now() - interval '1 minute' where id = ${id}`);
    expect((await said()).text).toMatch(/ran out, and renewals for .*Square.* are paused until/);
    await resumeOffer(admin, "square");
    expect((await said()).text).toContain("We are renewing it");
  });

  it("A9: a shorter pause in place of a longer one ends when it says", async () => {
    const admin = await staff("admin");
    const { id } = await connected(at, await shop(), "square");
    await late(id);
    await pauseOffer(admin, "square", { ...WHY, hours: 72 });
    expect(await stateOf(id)).toBe("healthy");
    await pauseOffer(admin, "square", { ...WHY, hours: 1 });
    expect(await stateOf(id)).toBe("healthy");
    await moveClock("61 minutes");
    expect(await stateOf(id)).toBe("renewal_late");
  });

  it("A9: merchants are not sent there, and are told why and until when", async () => {
    const [admin, merchant] = [await staff("admin"), await shop()];
    await pauseOffer(admin, "square", WHY);
    await pauseOffer(admin, "norce", WHY);
    const held = { reason: "Square's own outage", until: expect.any(Date) };
    expect((await connectable()).find(({ slug }) => slug === "square")?.held).toEqual(held);
    expect(await catalogueEntry(merchant, "square")).toMatchObject({ held, paused: true });
    await expect(start(at, merchant, "square")).rejects.toMatchObject({ code: "platform_paused" });
    const pasted = { offer: "norce", values: norceValues(at) };
    expect(await connectCredentials(merchant, pasted, at.open)).toMatchObject({ kind: "refused", form: "platform_paused" });
    await moveClock("241 minutes");
    expect((await connectable()).find(({ slug }) => slug === "square")?.held).toBeNull();
    expect((await start(at, merchant, "square")).url).toContain("square.test");
  });

  it("wants a reason and one of the times on offer, from an admin, of a platform that is there", async () => {
    const admin = await staff("admin");
    await expect(pauseOffer(admin, "square", { ...WHY, reason: " \n" })).rejects.toMatchObject({ code: "reason" });
    await expect(pauseOffer(admin, "square", { ...WHY, hours: 5 })).rejects.toMatchObject({ code: "hours" });
    await expect(pauseOffer(admin, "nothing", WHY)).rejects.toMatchObject({ status: 404 });
    await expect(pauseOffer(await staff("support"), "square", WHY)).rejects.toMatchObject({ status: 403 });
  });
});

describe("M7: a platform that has problems", () => {
  it("M7: is told of when a fifth of all processes' calls failed, still lets connect, and is well again ten minutes later", async () => {
    const [admin, merchant] = [await staff("admin"), await shop()];
    const failing = async () => (await connectable()).filter((one) => one.failing).map(({ slug }) => slug);
    const { id } = await connected(at, merchant, "square");
    expect(await failing()).toEqual([]);
    const other = otherProcess();
    const failOnce = () =>
      other(async () => {
        at.faults.push({ kind: "status", status: 503, match: "token", calls: 1 });
        expect((await renew(admin, id, at.open)).kind).toBe("failed");
        await writeCalls(0);
      });
    await failOnce();
    expect(await failing()).toEqual([]);
    await failOnce();
    expect(await failing()).toEqual(["square"]);
    expect(await catalogueEntry(merchant, "square")).toMatchObject({ failing: true, paused: false });
    expect((await start(at, merchant, "square")).url).toContain("square.test");
    await moveClock("11 minutes");
    expect(await failing()).toEqual([]);
  });

  it("M7: what an admin's platform refuses is not what fails, and one of many is not many", async () => {
    const [admin, merchant] = [await staff("admin"), await shop()];
    const { id } = await connected(at, merchant, "square");
    at.simulators.square.state.apps.production.secret = "another";
    await renew(admin, id, at.open);
    await renew(admin, id, at.open);
    for (let count = 0; count < 20; count += 1) noteCall("square", count < 4, null);
    expect((await connectable()).find(({ slug }) => slug === "square")?.failing).toBe(false);
  });
});
