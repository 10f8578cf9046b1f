import { sql } from "drizzle-orm";
import { afterEach, beforeAll, beforeEach, expect } from "vitest";
import { closeDatabase, database, openDatabase } from "@/db/client";
import type { UserActor } from "@/lib/auth/actor";
import { moveClock, resetClock } from "@/tests/auth/people";
import { useEnv } from "@/tests/auth/set-env";
import { useDatabase } from "@/tests/support/database";
import { aMerchant } from "@/tests/support/journey";
import { BASE_URL } from "@/tests/support/platforms";
import { unlawfulRows, unreadableValues } from "./lawful-rows";
import { forgetPace, type Tampered, tamperedPlatforms } from "./tampered";
import { useWire } from "./wire";

type HostileWorld = {
  at: Tampered;
  mona: UserActor;
  wire: ReturnType<typeof useWire>;
  /** For the database and the platforms alike. */
  pass: (minutes: number) => Promise<void>;
};

/** Called at the top of a test file: platforms that can be made to answer anything, and a merchant for each test, which leaves lawful rows behind. */
export function useHostileWorld(): HostileWorld {
  useEnv({ LATCHKEY_URL: BASE_URL });
  const address = useDatabase();
  const wire = useWire();
  const pass = async (minutes: number) => {
    await moveClock(`${minutes} minutes`);
    world.at.skew.ms += minutes * 60_000;
  };
  const world = { wire, pass } as HostileWorld;
  let serial = 0;

  beforeAll(async () => {
    // These thousands of cases are about what is stored, not about when it reaches a disk.
    await database().execute(sql.raw(`alter database ${new URL(address()).pathname.slice(1)} set synchronous_commit = off`));
    await closeDatabase();
    await openDatabase({ migrate: false });
    world.at = tamperedPlatforms(wire);
  });
  beforeEach(async () => {
    world.at.list.length = 0;
    world.mona = await aMerchant(`Shop ${++serial}`);
    await forgetPace();
  });
  afterEach(async () => {
    expect(await unlawfulRows()).toEqual([]);
    expect(await unreadableValues()).toEqual([]);
    // A code that left is never sent again, whatever came back.
    expect([...world.at.codes.values()].filter((times) => times > 1)).toEqual([]);
    // The simulated shops are few: whoever comes next finds them free.
    await database().execute(sql`update connections set status = 'revoked', access = null, renewal = null, renewable = false,
      revoked_at = app_now(), revoke_confirmed = 'local' where status <> 'revoked'`);
    await database().execute(sql`delete from attempts`);
    await resetClock();
    world.at.skew.ms = 0;
  });
  return world;
}
