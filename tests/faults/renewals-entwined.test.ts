import { expect, it } from "vitest";
import { database } from "@/db/client";
import { findCandidates } from "@/db/connections";
import { worker } from "@/lib/auth/actor";
import { renewOnce } from "@/lib/connections/renew-once";
import { renewing } from "@/lib/jobs/renewing";
import { resetClock } from "@/tests/auth/people";
import { useEnv } from "@/tests/auth/set-env";
import { atLength } from "@/tests/support/at-length";
import { useDatabase } from "@/tests/support/database";
import { BASE_URL } from "@/tests/support/platforms";
import { entwined, randomOf, type Work } from "./entwined";
import { heldToken, makeDue, spendings } from "./race";
import { faultWorld } from "./steps";

useEnv({ LATCHKEY_URL: BASE_URL });
useDatabase();
const world = faultWorld();

const ROUNDS = atLength(24, 60);
const SEED = 20_261_129;

it(`R-05: ${ROUNDS} interleavings of renewals that are slow and answers that are lost: what any of them heard of is never lost`, async () => {
  const { oauth2 } = world.at.simulators;
  oauth2.switches.reuseEndsFamily = false;
  const owner = await world.shop();
  const random = randomOf(SEED);
  const count = { alive: 0, lost: 0, kept: 0, refused: 0 };
  for (let round = 1; round <= ROUNDS; round += 1) {
    const about = `seed ${SEED}, round ${round}`;
    await resetClock();
    oauth2.ledger.clear();
    const account = `round-${round}`;
    const { id } = await world.standardStore(owner, account);
    const heard = new Set<string>();
    const renewal: Work = (open) =>
      renewOnce(worker, id, ["active", "reconnect"], async (offer, context) => {
        const io = await open(offer, context);
        const lossy = random() < 0.2;
        const fetch: typeof io.fetch = async (url, init) => {
          if (url.endsWith("/token") && lossy) world.at.faults.push({ kind: "reset-after-issuing", match: "/token", calls: 1 });
          const answer = await io.fetch(url, init);
          const { refresh_token: token } = (await answer.clone().json()) as { refresh_token?: string };
          if (token) heard.add(token);
          return answer;
        };
        return { ...io, fetch };
      });
    await entwined(world, random, Array(3 + Math.floor(random() * 2)).fill(renewal));
    world.at.faults.length = 0;
    for (let more = 0; more < 3; more += 1) {
      await world.pass(130);
      await makeDue([id]);
      await renewing.round({ open: world.at.open, stopping: () => false });
    }
    const row = await world.row(id);
    expect(row.leaseId, about).toBeNull();
    const kinds = await world.told({ connection: id });
    count.kept += kinds.filter((kind) => kind === "grant.kept").length;
    count.refused += spendings(world).filter((status) => status === 400).length;
    if (row.status === "active") {
      count.alive += 1;
      expect(row, about).toMatchObject({ trouble: null, sentAt: null });
      expect(oauth2.state.refresh[heldToken(row)], about).toMatchObject({ used: false, family: account });
    } else {
      // Only where an answer that nobody heard took the last good token with it.
      count.lost += 1;
      const living = Object.entries(oauth2.state.refresh).filter(([, { family, used }]) => family === account && !used);
      expect(living.length, about).toBeGreaterThan(0);
      expect(
        living.filter(([token]) => heard.has(token)),
        about,
      ).toEqual([]);
      expect(row, about).toMatchObject({ status: "reconnect" });
      expect(await findCandidates(database(), id), about).toEqual([]);
    }
  }
  process.stdout.write(`R-05: ${ROUNDS} interleavings (seed ${SEED}): ${JSON.stringify(count)}\n`);
  expect(count.alive).toBeGreaterThan(ROUNDS / 4);
  expect(count.kept).toBeGreaterThan(0);
  expect(count.lost).toBeGreaterThan(0);
});
