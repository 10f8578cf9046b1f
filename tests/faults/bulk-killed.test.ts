import { describe, expect, it } from "vitest";
import { chosenOf } from "@/lib/bulk/selection";
import { showRun } from "@/lib/bulk/show-run";
import { startRun } from "@/lib/bulk/start-run";
import { useEnv } from "@/tests/auth/set-env";
import type { Simulator } from "@/tests/simulators/simulator";
import { atLength } from "@/tests/support/at-length";
import { useDatabase } from "@/tests/support/database";
import { staff } from "@/tests/support/journey";
import { BASE_URL } from "@/tests/support/platforms";
import { environmentOf, useOtherProcesses } from "./other-process";
import { putSquare } from "./put-stores";
import { faultWorld } from "./steps";

useEnv({ LATCHKEY_URL: BASE_URL });
const address = useDatabase();
const world = faultWorld();
const others = useOtherProcesses(address);

/** As many as a process has in hand at once. */
const LANES = 12;
const MANY = atLength(100, 300);

/** A platform that notes which authorization each of its revocations was about. */
function noting(simulator: Simulator) {
  const about: string[] = [];
  const handle = async (request: Request) => {
    if (new URL(request.url).pathname === "/oauth2/revoke") about.push(await request.clone().text());
    return simulator.handle(request);
  };
  return { simulator: { ...simulator, handle }, about };
}

/** Revokes `count` stores in processes that die where `deaths` say, each when the one before is dead. Resolves to the platform's own count. */
async function revokeThrough(count: number, deaths: readonly string[]) {
  const owner = await world.shop("Mona");
  const sara = await staff("support");
  const ids: string[] = [];
  for (let made = 0; made < count; made += 1) ids.push(await putSquare(world.at, owner, `ML${made}`));
  const chosen = chosenOf({ act: "revoke", all: "1", query: "offer=square" }) ?? expect.fail();
  const runId = await startRun(sara, chosen, { count, reason: "left" });
  const { simulator, about } = noting(world.at.simulators.square);
  const environment = environmentOf(world.at, { square: await others.serve(simulator) });
  for (const [index, crashAt] of deaths.entries()) {
    const other = await others.begin("doomed", ["bulk"], { ...environment, LATCHKEY_CRASH_AT: crashAt });
    expect(await other.ended, `${index}: ${other.output().slice(-2_000)}`).toBe("SIGKILL");
    expect((await showRun(sara, runId)).run.status).toBe("running");
    // What the dead process had claimed is its own until its lease has run out.
    await world.pass(101);
  }
  const last = await others.begin("doomed", ["bulk"], environment);
  expect(await last.ended, last.output().slice(-2_000)).toBe("0");
  expect(await showRun(sara, runId)).toMatchObject({ counts: { waiting: 0, asked: 0, done: count, failed: 0 }, run: { status: "done" } });
  for (const id of ids.slice(0, 20)) {
    expect(await world.row(id)).toMatchObject({ status: "revoked", revokeConfirmed: "remote", access: null, renewal: null });
    const kinds = (await world.told({ connection: id })).filter((kind) => kind.startsWith("connection.revoke"));
    expect(kinds).toEqual(["connection.revoke_asked", "connection.revoked"]);
  }
  return { about, distinct: new Set(about).size };
}

describe("a bulk revocation whose processes are killed", () => {
  it.each([
    ["with an item in hand", "bulk.claimed:5"],
    ["when access had ended here", "bulk.begun:5"],
    ["when the platform had confirmed", "revoke.answered:5"],
    ["before that was noted", "bulk.done:5"],
  ])("S6: %s: goes on where it was, and none but what was in hand is told a second time", async (_when, crashAt) => {
    const { about, distinct } = await revokeThrough(16, [crashAt]);
    expect(distinct).toBe(16);
    expect(about.length).toBeLessThanOrEqual(16 + LANES);
  });

  it(`V-10, S6: ${MANY} stores through two kill -9: each is ended once`, async () => {
    const { about, distinct } = await revokeThrough(MANY, [`revoke.answered:${MANY * 0.3}`, `bulk.begun:${MANY * 0.4}`]);
    expect(distinct).toBe(MANY);
    expect(about.length).toBeLessThanOrEqual(MANY + 2 * LANES);
  });
});
