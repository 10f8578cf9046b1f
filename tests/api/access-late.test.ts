import { sql } from "drizzle-orm";
import { beforeAll, expect, it } from "vitest";
import { database } from "@/db/client";
import { held, hold } from "@/lib/offers/held";
import { useEnv } from "@/tests/auth/set-env";
import { plainClient } from "@/tests/support/administer";
import { useDatabase } from "@/tests/support/database";
import { BASE_URL } from "@/tests/support/platforms";
import { accessWorld, told } from "./access-world";
import { aCaller, type Caller } from "./callers";

useEnv({ LATCHKEY_URL: BASE_URL });
const address = useDatabase();
const world = accessWorld();
/** Of so few a second that the database is asked about each. */
let caller: Caller;

beforeAll(async () => {
  caller = await aCaller({ scopes: ["access:read", "credentials:read"], requestsPerSecond: 10 });
});

/** What is answered where the connection ends while that table lets nobody in, on the way between what was read and the answer. */
async function endedBehind(table: string, id: string, path: string): Promise<[number, unknown]> {
  const outside = await plainClient(address());
  await outside.query(`begin; lock table ${table} in access exclusive mode`);
  const asked = caller.ask(path);
  const waiting = sql`select from pg_locks where relation = ${table}::regclass and not granted`;
  await expect.poll(async () => (await database().execute(waiting)).rows.length).toBe(1);
  await outside.query("update connections set status = 'revoked' where id = $1", [id]);
  await outside.query("commit");
  await outside.end();
  return told(await asked);
}

it("access that was good when it was read is not handed out after a wait for the key's second", async () => {
  const { id } = await world.store("square");
  expect(await endedBehind("api_budgets", id, `/connections/${id}/access`)).toEqual([410, "revoked"]);
});

it("nor after a look at the platforms, which have changed", async () => {
  const { id } = await world.store("square");
  hold({ ...held(), version: "before" });
  expect(await endedBehind("offer_secrets", id, `/connections/${id}/access`)).toEqual([410, "revoked"]);
});

it("nor is a credentials file after it was written down that it is", async () => {
  const { id } = await world.store("noon");
  expect(await endedBehind("events", id, `/connections/${id}/credentials`)).toEqual([410, "revoked"]);
});
