import { sql } from "drizzle-orm";
import { database } from "@/db/client";
import { moveClock } from "@/tests/auth/people";
import { keepSecret } from "@/tests/leaks/run-folder";
import { freePort } from "@/tests/support/free-port";
import { connect } from "./support/journey";
import { expect, test } from "./support/test";

const SECRET = keepSecret("cron secret", `CNRY-cron-${crypto.randomUUID()}`);
const NEXT = "node_modules/next/dist/bin/next";

test("under plain `next start`, with no worker anywhere, a schedule from outside keeps a store alive", async ({
  installation,
  someone,
}) => {
  test.setTimeout(180_000);
  const { page } = await someone("merchant");
  await connect(page, installation.world, "square");
  await installation.product().stop();

  const port = await freePort();
  const at = `http://localhost:${port}`;
  const serverless = await installation.start({ LATCHKEY_WORKER: "0", CRON_SECRET: SECRET }, port, [NEXT, "start", "-p", String(port)]);
  const { ledger } = installation.world.platforms.square;
  const renewals = () => ledger.calls.filter(({ name, status }) => /token/.test(name) && status === 200).length;
  const before = renewals();
  await moveClock("7 days");
  const call = (authorization: string) => fetch(`${at}/api/cron/renew`, { headers: { authorization } });
  expect((await call("Bearer another")).status).toBe(401);
  expect(renewals()).toBe(before);
  expect(await (await call(`Bearer ${SECRET}`)).json()).toEqual({ done: true });
  expect(renewals()).toBeGreaterThan(before);
  const rows = await database().execute<{ state: string; due: boolean }>(
    sql`select state, next_refresh_at <= app_now() as due from connections where status = 'active'`,
  );
  expect(rows.rows).toEqual([{ state: "healthy", due: false }]);
  expect(await (await fetch(`${at}/api/health`)).json()).toMatchObject({ worker: "working" });
  await serverless.kill();
  await installation.start();
});
