import { sql } from "drizzle-orm";
import { beforeEach, describe, expect, it } from "vitest";
import { countSelection } from "@/db/bulk-selection";
import { database } from "@/db/client";
import { findConnection } from "@/db/connections";
import type { UserActor } from "@/lib/auth/actor";
import { goOn, stop } from "@/lib/bulk/change-run";
import { chosenOf, possible, selectionOf } from "@/lib/bulk/selection";
import { listRuns, showRun } from "@/lib/bulk/show-run";
import { startRun } from "@/lib/bulk/start-run";
import { summarize } from "@/lib/bulk/summarize";
import { revoke } from "@/lib/connections/revoke";
import { bulk } from "@/lib/jobs/bulk";
import { setPersonDisabled } from "@/lib/people/set-person-disabled";
import { moveClock, resetClock } from "@/tests/auth/people";
import { useEnv } from "@/tests/auth/set-env";
import { putNorce, putSquare, putUltracart } from "@/tests/faults/put-stores";
import { useDatabase } from "@/tests/support/database";
import { empty } from "@/tests/support/empty";
import { aMerchant, type Platforms, staff } from "@/tests/support/journey";
import { BASE_URL, platforms } from "@/tests/support/platforms";

useEnv({ LATCHKEY_URL: BASE_URL });
useDatabase();

let at: Platforms;
let [mona, sara] = [] as unknown as [UserActor, UserActor];
let serial = 0;

beforeEach(async () => {
  at = platforms();
  await resetClock();
  await empty("connections", "events", "bulk_runs", "gates");
  serial += 1;
  [mona, sara] = [await aMerchant(`Riyadh Trading ${serial}`), await staff("support")];
});

const round = (stopping = () => false) => bulk.round({ open: at.open, stopping });
const squares = (count: number) => Promise.all(Array.from({ length: count }, (_, index) => putSquare(at, mona, `ML${index}`)));
const why = { reason: "Suspected misuse: shared login", ticket: "SUP-4711" };
const named = (act: "revoke" | "renew" | "test", ids: readonly string[]) => chosenOf({ act, id: [...ids] }) ?? expect.fail();
const all = (act: "revoke" | "renew" | "test", query = "") => chosenOf({ act, all: "1", query }) ?? expect.fail();
const statuses = async (ids: readonly string[]) =>
  (await Promise.all(ids.map((id) => findConnection(database(), id)))).map((row) => row?.status);
const told = async (kind: string) =>
  (
    await database().execute<{ actor: string; reason: string | null; facts: Record<string, unknown> }>(
      sql`select actor_id as actor, reason, facts from events where kind = ${kind} order by id`,
    )
  ).rows;
const revocations = () => at.simulators.square.ledger.calls.filter(({ name }) => name === "revoke");

describe("many at once", () => {
  it("S6: says by platform what would end and what is left out, and revokes exactly that, once each, with who, why and ticket", async () => {
    const ids = await squares(4);
    const norce = await putNorce(at, mona, "acme");
    await revoke(sara, { connectionId: ids[0], reason: "left" }, at.open);
    const chosen = named("revoke", [...ids, norce, "con_nothing", "not an id"]);
    const summary = await summarize(sara, chosen);
    expect(summary).toMatchObject({ count: 4, excluded: { revoked: 1 }, tooMany: false });
    expect(summary.byOffer.map(({ offer, n }) => [offer, n])).toEqual([
      ["square", 3],
      ["norce", 1],
    ]);
    at.simulators.square.ledger.clear();

    const runId = await startRun(sara, chosen, { count: 4, ...why });
    await round();
    await round();
    const shown = await showRun(sara, runId);
    expect(shown.counts).toEqual({ waiting: 0, asked: 0, done: 4, failed: 0 });
    expect(shown.run).toMatchObject({ status: "done", byName: sara.name, excluded: { revoked: 1 } });
    expect(await statuses([...ids, norce])).toEqual(Array(5).fill("revoked"));
    expect(revocations()).toHaveLength(3);
    const asked = (await told("connection.revoke_asked")).filter(({ facts }) => facts.run === runId);
    expect(asked).toHaveLength(4);
    for (const event of asked) expect(event).toMatchObject({ actor: sara.id, reason: why.reason, facts: { ticket: "SUP-4711" } });
    expect(await told("bulk.started")).toMatchObject([{ actor: sara.id, reason: why.reason, facts: { run: runId, count: 4 } }]);
    expect(await told("bulk.finished")).toHaveLength(1);
    expect((await listRuns(sara)).map(({ run, total }) => [run.id, total])).toEqual([[runId, 4]]);
  });

  it("S6: leaves out whose state is in doubt, where more are than can be worked out at once", async () => {
    const [first, second] = await squares(2);
    const chosen = all("revoke", "state=healthy");
    await summarize(sara, chosen);
    await database().execute(sql`update connections set state_changes_at = 'epoch' where id = ${first}`);
    const count = async (current: boolean) =>
      (await countSelection(database(), "revoke", await selectionOf(chosen, current), possible(), 10)).map(({ n }) => n);
    expect(await count(false)).toEqual([1]);
    await database().execute(sql`update connections set state_changes_at = null where id = ${second}`);
    expect(await count(false)).toEqual([1]);
    expect(await count(true)).toEqual([2]);
  });

  it("S6: takes everything that a query matches, and begins nothing where another number matches by now", async () => {
    const ids = await squares(3);
    const other = await putUltracart(at, mona, "RIYAD");
    const chosen = all("revoke", "offer=square");
    expect((await summarize(sara, chosen)).count).toBe(3);
    const more = await putSquare(at, mona, "ML9");
    await expect(startRun(sara, chosen, { count: 3, ...why })).rejects.toMatchObject({ code: "selection_changed", facts: { count: 4 } });
    await expect(startRun(sara, chosen, { count: 4, ...why }, 3)).rejects.toMatchObject({ code: "selection_changed" });
    expect(await listRuns(sara)).toEqual([]);
    await startRun(sara, chosen, { count: 4, ...why });
    // What comes after the run was confirmed is none of its business.
    const late = await putSquare(at, mona, "ML10");
    await round();
    expect(await statuses([...ids, more, other, late])).toEqual([...Array(4).fill("revoked"), "active", "active"]);
  });

  it("wants a role, a reason and somebody who signed in just now", async () => {
    const chosen = named("revoke", await squares(1));
    await expect(summarize(mona, chosen)).rejects.toMatchObject({ status: 403 });
    await expect(startRun(mona, chosen, { count: 1, ...why })).rejects.toMatchObject({ status: 403 });
    await expect(startRun(sara, chosen, { count: 1 })).rejects.toMatchObject({ code: "reason_needed" });
    await moveClock("16 minutes");
    await expect(startRun(sara, chosen, { count: 1, ...why })).rejects.toMatchObject({ code: "sign_in_again" });
    const runId = await startRun(sara, named("test", chosen.ids), { count: 1 });
    await expect(showRun(mona, runId)).rejects.toMatchObject({ status: 403 });
    await expect(stop(mona, runId)).rejects.toMatchObject({ status: 403 });
    await expect(showRun(sara, "run_nothing")).rejects.toMatchObject({ status: 404 });
    expect(chosenOf({ act: "erase", id: "con_1" })).toBeNull();
  });

  it("S6: can be stopped and gone on with, in the name of whoever had it go on", async () => {
    const ids = await squares(3);
    const runId = await startRun(sara, named("revoke", ids), { count: 3, ...why });
    await stop(sara, runId);
    await round();
    expect(await statuses(ids)).toEqual(Array(3).fill("active"));
    expect(await showRun(sara, runId)).toMatchObject({ counts: { waiting: 3 }, run: { status: "stopped", stoppedBy: sara.name } });
    const omar = await staff("admin");
    await goOn(omar, runId);
    await round();
    expect(await showRun(omar, runId)).toMatchObject({ counts: { done: 3 }, run: { status: "done", byId: omar.id } });
    expect((await told("connection.revoke_asked")).map(({ actor }) => actor)).toEqual(Array(3).fill(omar.id));
    expect((await told("bulk.stopped")).concat(await told("bulk.resumed")).map(({ actor }) => actor)).toEqual([sara.id, omar.id]);
  });

  it("stops by itself when the role of whoever began it was taken away meanwhile", async () => {
    const ids = await squares(2);
    const runId = await startRun(sara, named("revoke", ids), { count: 2, ...why });
    await setPersonDisabled(await staff("admin"), { userId: sara.id, disabled: true });
    await round();
    expect(await statuses(ids)).toEqual(["active", "active"]);
    expect(await told("bulk.stopped")).toMatchObject([{ actor: "worker", facts: { run: runId, why: "may_not" } }]);
    expect((await showRun(await staff("support"), runId)).run).toMatchObject({ status: "stopped", stoppedBy: "may_not" });
  });

  it("S5, S6: says which ones the platform has not confirmed, gives up on none, and tries again when asked to", async () => {
    const ids = await squares(2);
    at.faults.push({ kind: "status", status: 503, match: "oauth2/revoke" });
    const runId = await startRun(sara, named("revoke", ids), { count: 2, ...why });
    await round();
    expect(await showRun(sara, runId)).toMatchObject({ counts: { asked: 2 }, run: { status: "running" } });
    expect(await statuses(ids)).toEqual(["revoking", "revoking"]);
    await database().execute(sql`update connections set revoke_tries = 8 where id = ${ids[0]}`);
    await round();
    expect(await showRun(sara, runId)).toMatchObject({
      counts: { asked: 1, failed: 1 },
      failed: [{ connectionId: ids[0], code: "http_503" }],
    });
    at.faults.length = 0;
    await database().execute(sql`update connections set revoke_tries = 8 where id = ${ids[1]}`);
    await round();
    expect(await showRun(sara, runId)).toMatchObject({ counts: { failed: 2 }, run: { status: "done" } });
    await goOn(sara, runId);
    await round();
    expect(await showRun(sara, runId)).toMatchObject({ counts: { done: 2, failed: 0 }, run: { status: "done" } });
    expect(await told("connection.revoke_asked")).toHaveLength(2);
  });

  it("renews and tests in the background's pace, each once, and says of each that did not work why", async () => {
    const [first = "", second = "", third = ""] = await squares(3);
    const ultracart = await putUltracart(at, mona, "RIYAD");
    await database().execute(sql`update connections set offer = 'gone' where id = ${second}`);
    await database().execute(sql`update connections set offer = 'oauth2', renewable = false where id = ${third}`);
    const chosen = named("renew", [first, second, third, ultracart]);
    expect(await summarize(sara, chosen)).toMatchObject({ count: 2, excluded: { not_configured: 1, nothing_to_renew: 1 } });
    const runId = await startRun(sara, chosen, { count: 2 });
    at.faults.push({ kind: "status", status: 500, match: "/oauth2/token", calls: 1 });
    await round();
    await round();
    const shown = await showRun(sara, runId);
    expect(shown.counts).toMatchObject({ waiting: 0, done: 1, failed: 1 });
    expect(shown.failed[0]).toMatchObject({ code: "http_500" });
    await goOn(sara, runId);
    await moveClock("2 hours");
    await round();
    expect((await showRun(sara, runId)).counts).toMatchObject({ done: 2, failed: 0 });

    const tested = await startRun(sara, named("test", [first, ultracart]), { count: 2 });
    await round();
    expect((await showRun(sara, tested)).counts.done).toBe(2);
  });

  it("leaves half of a platform's turns to people, and waits for the others", async () => {
    const ids = await Promise.all(Array.from({ length: 14 }, (_, index) => putNorce(at, mona, `acme-${index}`)));
    const runId = await startRun(sara, named("renew", ids), { count: 14 });
    await round();
    const { counts, run } = await showRun(sara, runId);
    expect(counts).toMatchObject({ done: 10, waiting: 4, failed: 0 });
    expect(run.status).toBe("running");
    // Waiting for a turn is no try, and costs none.
    await round();
    expect((await showRun(sara, runId)).counts.done).toBe(10);
    await moveClock("3 minutes");
    await round();
    expect((await showRun(sara, runId)).counts.done).toBe(14);
  });

  it("waits while a platform is held back by an admin or wants to be left alone, and ends access all the same", async () => {
    const ids = await squares(2);
    await database().execute(
      sql`insert into gates (name, tokens, paused_until, paused_why) values ('offer:square', 0, app_now() + interval '1 hour', 'rate_limited')`,
    );
    const runId = await startRun(sara, named("renew", ids), { count: 2 });
    await round();
    expect(await showRun(sara, runId)).toMatchObject({ counts: { waiting: 2, failed: 0 }, resting: [{ offer: "square" }] });
    const ending = await startRun(sara, named("revoke", ids), { count: 2, ...why });
    await round();
    expect(await statuses(ids)).toEqual(["revoking", "revoking"]);
    expect((await showRun(sara, ending)).counts).toMatchObject({ asked: 2 });
    expect(revocations()).toEqual([]);
  });

  it("two processes at once do each item once", async () => {
    const ids = await squares(6);
    const runId = await startRun(sara, named("revoke", ids), { count: 6, ...why });
    await Promise.all([round(), round()]);
    await round();
    expect((await showRun(sara, runId)).counts.done).toBe(6);
    expect(revocations()).toHaveLength(6);
    expect(await told("connection.revoke_asked")).toHaveLength(6);
  });
});
