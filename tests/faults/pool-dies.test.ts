import { setTimeout as pause } from "node:timers/promises";
import { sql } from "drizzle-orm";
import { expect, inject, it } from "vitest";
import { database, transaction } from "@/db/client";
import { DatabaseError } from "@/db/database-error";
import { insertEvent } from "@/db/events";
import { newId } from "@/db/new-id";
import { worker } from "@/lib/auth/actor";
import { renewing } from "@/lib/jobs/renewing";
import { moveClock } from "@/tests/auth/people";
import { useEnv } from "@/tests/auth/set-env";
import { plainClient } from "@/tests/support/administer";
import { useDatabase } from "@/tests/support/database";
import { BASE_URL } from "@/tests/support/platforms";
import { expectNewest, makeDue, spendings } from "./race";
import { faultWorld } from "./steps";

useEnv({ LATCHKEY_URL: BASE_URL });
const address = useDatabase();
const world = faultWorld();

/** Ends every connection of the pool each 100 ms, whatever it is at, until enough has come to pass. Resolves to how many it ended. */
async function storm(enough: (ended: number) => boolean): Promise<number> {
  const name = new URL(address()).pathname.slice(1);
  const other = await plainClient(inject("databaseServer"));
  let ended = 0;
  while (!enough(ended)) {
    const found = await other.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and usename = current_user and pid <> pg_backend_pid()",
      [name],
    );
    ended += found.rowCount ?? 0;
    await pause(100);
  }
  await other.end();
  return ended;
}

it("P-08: connections that are ended ten times a second: what was acknowledged is there, whole, and nothing was spent twice", async () => {
  const owner = await world.shop();
  const ids: string[] = [];
  for (let index = 0; index < 6; index += 1) ids.push((await world.standardStore(owner, `stored-${index}`)).id);
  await makeDue(ids);
  const merchant = String(owner.merchants[0]?.id);
  let raging = true;
  const acknowledged: string[] = [];
  const refused: unknown[] = [];
  /** A change and what tells of it, over and over. */
  const write = async () => {
    while (raging) {
      const id = newId("inv");
      const done = transaction(async (tx) => {
        await tx.execute(
          sql`insert into invitations (id, email, role, merchant_id, expires_at) values (${id}, ${`${id}@shop.example`}, 'member', ${merchant}, app_now())`,
        );
        await insertEvent(tx, { kind: "invitation.created", actor: worker, merchantId: merchant, facts: { id } });
      });
      await done.then(
        () => acknowledged.push(id),
        (error: unknown) => refused.push(error),
      );
      await pause(5);
    }
  };
  const renew = async () => {
    while (raging) {
      await renewing.round({ open: world.at.open, stopping: () => !raging }).catch((error: unknown) => refused.push(error));
      await pause(20);
    }
  };
  const work = [write(), write(), write(), renew(), renew()];
  const ended = await storm((so) => so > 12 && acknowledged.length > 20 && refused.length > 3);
  raging = false;
  await Promise.all(work);

  expect(ended).toBeGreaterThan(12);
  for (const error of refused) expect(error).toBeInstanceOf(DatabaseError);
  const found = await database().execute<{ id: string; told: number }>(sql`
    select i.id, (select count(*)::int from events e where e.kind = 'invitation.created' and e.facts ->> 'id' = i.id) as told from invitations i`);
  expect(new Set(found.rows.map(({ told }) => told))).toEqual(new Set([1]));
  const there = new Set(found.rows.map(({ id }) => id));
  expect(acknowledged.filter((id) => !there.has(id))).toEqual([]);

  // What was on its way is in doubt for two minutes; after that, nothing is owed.
  await moveClock("5 minutes");
  for (let round = 0; round < 3; round += 1) await renewing.round({ open: world.at.open, stopping: () => false });
  expect(spendings(world).filter((status) => status !== 200)).toEqual([]);
  for (const id of ids) {
    const row = await world.row(id);
    expect(row).toMatchObject({ status: "active", leaseId: null, sentAt: null });
    expectNewest(world, row);
  }
});
