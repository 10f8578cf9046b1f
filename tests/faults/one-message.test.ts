import { sql } from "drizzle-orm";
import { beforeAll, expect, it } from "vitest";
import { database } from "@/db/client";
import { said, told } from "@/tests/alerts/scene";
import { moveClock } from "@/tests/auth/people";
import { useEnv } from "@/tests/auth/set-env";
import { useDatabase } from "@/tests/support/database";
import { aMerchant, connected } from "@/tests/support/journey";
import { BASE_URL, platforms } from "@/tests/support/platforms";
import { sweep } from "@/tests/support/sweep";

useEnv({ LATCHKEY_URL: BASE_URL });
useDatabase();

const STORES = Array.from({ length: 100 }, (_, index) => `store-${index}`);

const statuses = async () =>
  (await database().execute<{ status: string; n: number }>(sql`select status, count(*)::int as n from connections group by status`)).rows;
const due = () => database().execute(sql`update connections set next_refresh_at = app_now()`);

/** Whoever takes our webhooks. */
const holder = globalThis as { latchkeyFetch?: unknown };
const received: string[] = [];
beforeAll(() => {
  holder.latchkeyFetch = async (_url: string, { body }: { body: string }) => {
    received.push(JSON.parse(body).type);
    return new Response(null, { status: 204 });
  };
  return () => {
    holder.latchkeyFetch = undefined;
  };
});

it("a wrong client secret with 100 connections for a day: one incident, one message, nobody demoted or written to, and it heals itself", async () => {
  const at = platforms({ stores: STORES });
  const mona = await aMerchant("Riyadh Trading");
  for (const store of STORES) await connected(at, mona, "square", store);
  const ops = await told({ needs_reconnect: 1, point_of_no_return: 7, renewal_late: 1, incident: 1 }, "webhook");
  const app = at.simulators.square.state.apps.production;
  const right = app.secret;
  app.secret = `${right}-other`;
  await due();
  for (let hour = 0; hour < 24; hour += 1) {
    await sweep(at.open);
    await moveClock("1 hour");
  }
  const host = new URL(ops.address).host;
  expect(await said()).toEqual([`alert.opened incident → ${host}`]);
  expect(await statuses()).toEqual([{ status: "active", n: 100 }]);

  app.secret = right;
  const before = at.simulators.square.ledger.count("token", 200);
  for (let round = 0; round < 12; round += 1) {
    await sweep(at.open);
    await moveClock("10 minutes");
  }
  expect(at.simulators.square.ledger.count("token", 200) - before).toBe(100);
  expect(await said()).toEqual(["opened", "closed"].map((phase) => `alert.${phase} incident → ${host}`));
  expect(received).toEqual(["alert.opened", "alert.closed"]);
  expect(await statuses()).toEqual([{ status: "active", n: 100 }]);
});
