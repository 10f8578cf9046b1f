import { sql } from "drizzle-orm";
import { expect } from "vitest";
import { database } from "@/db/client";
import type { Connection } from "@/db/connections";
import { openGrant } from "@/lib/connections/sealed-grant";
import type { Simulator } from "@/tests/simulators/simulator";
import { type faultWorld, until } from "./steps";

type World = ReturnType<typeof faultWorld>;

/** Makes these renewals due, as time would. */
export async function makeDue(ids: readonly string[]): Promise<void> {
  await database().execute(sql`update connections set next_refresh_at = app_now() where id in ${ids}`);
}

/** What the standard platform was asked to spend, in order, as the statuses of its answers. */
export const spendings = (world: World): number[] => world.calls("oauth2", /refresh_token/).map(({ status }) => status);

export const heldToken = (row: Connection): string =>
  (JSON.parse(openGrant(row).renewal ?? "{}") as { refreshToken?: string }).refreshToken ?? "";

/** The refresh token that is held is the newest that the platform gave, unspent, and nothing of its family was ended. */
export function expectNewest(world: World, row: Connection): void {
  const { refresh, families } = world.at.simulators.oauth2.state;
  const held = heldToken(row);
  expect(refresh[held]).toMatchObject({ used: false });
  expect(families[refresh[held]?.family ?? ""]?.ended).toBe(false);
}

/** A platform whose first answers wait until everybody has asked: whoever is not being answered has been told already. */
function meeting(simulator: Simulator, callers: number) {
  let [told, held] = [0, 0];
  return {
    tell: () => {
      told += 1;
    },
    platform: {
      ...simulator,
      handle: async (request: Request) => {
        const answer = await simulator.handle(request);
        if (!request.url.endsWith("/token")) return answer;
        held += 1;
        await until(() => told + held >= callers);
        return answer;
      },
    } satisfies Simulator,
  };
}

export type Caller = (platform: Simulator) => Promise<string>;

/**
 * One expiry of a grant that can be spent once, and everybody at once. Throws unless it was spent once, one caller renewed it and the others
 * were told that somebody is at it, and the family lives.
 */
export async function judgeRace(
  world: World,
  id: string,
  callers: readonly Caller[],
  put: (platform: Simulator) => void = () => undefined,
): Promise<void> {
  world.at.simulators.oauth2.ledger.clear();
  const before = await world.row(id);
  const { platform, tell } = meeting(world.at.simulators.oauth2, callers.length);
  put(platform);
  const ends = await Promise.all(
    callers.map(async (call) => {
      const end = await call(platform);
      tell();
      return end;
    }),
  );
  expect(spendings(world)).toEqual([200]);
  expect(Object.groupBy(ends, (end) => end).renewed).toHaveLength(1);
  expect(ends.filter((end) => end === "busy")).toHaveLength(callers.length - 1);
  const row = await world.row(id);
  expect(row).toMatchObject({ status: "active", trouble: null, leaseId: null, sentAt: null, generation: before.generation + 1 });
  expectNewest(world, row);
}
