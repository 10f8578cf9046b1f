import { expect, it } from "vitest";
import { database } from "@/db/client";
import { openIncidents } from "@/db/incidents";
import { renew } from "@/lib/connections/renew";
import { restate } from "@/lib/connections/restate";
import { renewing } from "@/lib/jobs/renewing";
import { useEnv } from "@/tests/auth/set-env";
import { useDatabase } from "@/tests/support/database";
import { staff } from "@/tests/support/journey";
import { BASE_URL } from "@/tests/support/platforms";
import { sweep } from "@/tests/support/sweep";
import { environmentOf, useOtherProcesses } from "./other-process";
import { putSquare } from "./put-stores";
import { makeDue } from "./race";
import { faultWorld } from "./steps";

useEnv({ LATCHKEY_URL: BASE_URL });
const address = useDatabase();
const world = faultWorld();
const others = useOtherProcesses(address);

const round = () => renewing.round({ open: world.at.open, stopping: () => false });

async function stores(many: number): Promise<string[]> {
  const owner = await world.shop();
  const ids: string[] = [];
  for (let index = 0; index < many; index += 1) ids.push(await putSquare(world.at, owner, `ML${index}`));
  await makeDue(ids);
  return ids;
}

it("R-21: a row that kills whoever opens it: put aside after three crashes, the others renewed, and mended by hand", async () => {
  const [poison = "", ...rest] = await stores(8);
  const environment = environmentOf(world.at, { square: await others.serve(world.at.simulators.square) });
  // A worker that is started again and again.
  const ends: string[] = [];
  for (let start = 0; start < 4; start += 1) {
    const doomed = await others.begin("doomed", ["round", poison], environment);
    ends.push(await doomed.ended);
    await world.pass(31);
  }
  expect(ends).toEqual(["SIGKILL", "SIGKILL", "SIGKILL", "0"]);
  await round();
  for (const id of rest) expect(await world.row(id)).toMatchObject({ status: "active", generation: 2, trouble: null, crashes: 0 });
  await restate();
  expect(await world.row(poison)).toMatchObject({
    status: "active",
    state: "refresh_failing",
    troubleCode: "quarantined",
    nextRefreshAt: null,
    nextProofAt: null,
    leaseId: null,
    generation: 1,
  });
  expect(await world.told({ connection: poison })).toEqual(["connection.quarantined"]);
  // Nobody opens it by itself any more.
  await world.pass(3_600);
  expect(await (await others.begin("doomed", ["round", poison], environment)).ended).toBe("0");
  expect(await renew(await staff("support"), poison, world.at.open)).toEqual({ kind: "renewed" });
  await restate();
  const mended = await world.row(poison);
  expect(mended).toMatchObject({ status: "active", state: "healthy", trouble: null, generation: 2, crashes: 0 });
  // From here on it is like any other.
  expect(mended.nextRefreshAt).not.toBeNull();
  expect(mended.nextProofAt).not.toBeNull();
  await world.pass(7 * 86_400);
  await sweep(world.at.open);
  expect((await world.row(poison)).generation).toBeGreaterThan(2);
});

it("R-11: a hundred stores and a wrong client secret for a day: one incident, few calls, nobody demoted, and it heals by itself", async () => {
  const ids = await stores(100);
  const { square } = world.at.simulators;
  const { secret } = square.state.apps.production;
  square.state.apps.production.secret = `${secret}-other`;
  for (let hour = 0; hour < 24; hour += 2) {
    for (const _time of [1, 2]) await round();
    await world.pass(7_200);
  }
  expect(await openIncidents(database())).toMatchObject([{ offer: "square", code: "invalid_client" }]);
  // The few that were under way at first, and then one at a time.
  expect(world.calls("square", /^token$/).length).toBeLessThanOrEqual(4 + 12);
  for (const id of ids) expect(await world.row(id)).toMatchObject({ status: "active", leaseId: null, sentAt: null, generation: 1 });
  square.state.apps.production.secret = secret;
  await world.pass(301);
  for (const _time of [1, 2, 3]) {
    await round();
    await world.pass(3_600);
  }
  expect(await openIncidents(database())).toEqual([]);
  for (const id of ids) expect(await world.row(id)).toMatchObject({ status: "active", trouble: null, failures: 0, generation: 2 });
  const kinds = await world.told({});
  expect(kinds.filter((kind) => kind.startsWith("incident."))).toEqual(["incident.opened", "incident.closed"]);
  expect(kinds).not.toContain("connection.needs_reconnect");
});
