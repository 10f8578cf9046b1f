import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { sql } from "drizzle-orm";
import { expect, it } from "vitest";
import { database } from "@/db/client";
import { answerFresh } from "@/lib/api/access-fresh";
import { api } from "@/lib/api/app";
import { aCaller } from "@/tests/api/callers";
import { useEnv } from "@/tests/auth/set-env";
import { useDatabase } from "@/tests/support/database";
import { BASE_URL } from "@/tests/support/platforms";
import { expectNewest } from "./race";
import { faultWorld, until } from "./steps";

useEnv({ LATCHKEY_URL: BASE_URL });
useDatabase();
const world = faultWorld();
/** `ROUNDS=1000` for a long look. */
const ROUNDS = Number(process.env.ROUNDS ?? 30);

/** The API on a port, as server.ts puts it there. */
async function listening(): Promise<{ port: number; close: () => Promise<unknown> }> {
  const routes = getRequestListener((asked) => api.fetch(asked));
  const server = createServer(async (asked, answer) => {
    if (!(await answerFresh(asked, answer))) await routes(asked, answer);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

it("T-06: a client that goes away while it waits changes nothing: what was begun is done once, and kept", async () => {
  const { id } = await world.standardStore(await world.shop(), "left");
  const { token } = await aCaller({ requestsPerSecond: 1_000_000 });
  const { port, close } = await listening();
  const waiting: (() => void)[] = [];
  const { oauth2 } = world.at.simulators;
  (globalThis as { latchkeyFetch?: unknown }).latchkeyFetch = async (url: string, init?: RequestInit) => {
    const answer = await oauth2.handle(new Request(url, { redirect: "manual", ...init }));
    if (url.endsWith("/token")) await new Promise<void>((resolve) => waiting.push(resolve));
    return answer;
  };
  for (let round = 1; round <= ROUNDS; round += 1) {
    await database().execute(
      sql`update connections set expires_at = app_now(), issued_at = app_now() - interval '1 hour' where id = ${id}`,
    );
    const headers = { authorization: `Bearer ${token}` };
    const asked = request({ port, path: `/api/v1/connections/${id}/access`, headers });
    asked.on("error", () => undefined);
    asked.end();
    await until(() => waiting.length > 0);
    asked.destroy();
    // Both orders: the platform answers before the server learns of it, and after.
    if (round % 2 === 0) await new Promise((resolve) => setImmediate(resolve));
    waiting.pop()?.();
    await expect.poll(async () => (await world.row(id)).generation, { interval: 5, timeout: 20_000 }).toBe(1 + round);
  }
  await close();
  expect(world.calls("oauth2", /refresh_token/).map(({ status }) => status)).toEqual(Array(ROUNDS).fill(200));
  const row = await world.row(id);
  expect(row).toMatchObject({ status: "active", leaseId: null, sentAt: null, trouble: null });
  expectNewest(world, row);
});
