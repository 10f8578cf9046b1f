import { sql } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { GET, POST } from "@/app/api/cron/renew/route";
import { database } from "@/db/client";
import { findConnection } from "@/db/connections";
import { silentForS } from "@/db/workers";
import { setEnv, useEnv } from "@/tests/auth/set-env";
import { keepSecret } from "@/tests/leaks/run-folder";
import { useDatabase } from "@/tests/support/database";
import { aMerchant, connected } from "@/tests/support/journey";
import { BASE_URL, platforms } from "@/tests/support/platforms";

useEnv({ LATCHKEY_URL: BASE_URL });
useDatabase();

const SECRET = keepSecret("cron", "CNRY-cron-0123456789abcdef");
const holder = globalThis as { latchkeyFetch?: unknown };
const at = platforms();

const ask = async (authorization?: string, handle = GET) => {
  const answer = await handle(new Request(`${BASE_URL}/api/cron/renew`, { headers: authorization ? { authorization } : {} }));
  return { status: answer.status, body: (await answer.json()) as object, cache: answer.headers.get("cache-control") };
};

beforeEach(() => {
  setEnv({ CRON_SECRET: SECRET });
  holder.latchkeyFetch = at.fetch;
});
afterEach(() => {
  setEnv({ CRON_SECRET: undefined });
  delete holder.latchkeyFetch;
});

describe("a schedule from outside", () => {
  it("does not exist where no secret was set", async () => {
    setEnv({ CRON_SECRET: undefined });
    expect(await ask(`Bearer ${SECRET}`)).toMatchObject({ status: 404, cache: "no-store" });
    expect((await ask("Bearer ")).status).toBe(404);
  });

  it.each([undefined, "", "Bearer", "Bearer wrong", `Basic ${SECRET}`, SECRET, `Bearer ${SECRET}x`, `Bearer ${SECRET.slice(0, -1)}`])(
    "turns away whoever does not know it: %j",
    async (authorization) => {
      expect(await ask(authorization)).toMatchObject({ status: 401, body: { code: "unauthorized" }, cache: "no-store" });
      expect(await silentForS(database())).toBeNull();
    },
  );

  it("does one round of everything that is due, by either method, and is heard of", async () => {
    const row = await connected(at, await aMerchant("Cron shop"), "square");
    for (const [times, handle] of [GET, POST].entries()) {
      await database().execute(sql`update connections set next_refresh_at = app_now() where id = ${row.id}`);
      expect(await ask(`Bearer ${SECRET}`, handle)).toEqual({ status: 200, body: { done: true }, cache: "no-store" });
      expect((await findConnection(database(), row.id))?.generation).toBe(row.generation + 1 + times);
    }
    expect(await silentForS(database())).toBeLessThan(60);
  });

  it("says that the database is not there, and nothing more", async () => {
    await database().execute(sql`alter table workers rename to workers_elsewhere`);
    const { status, body } = await ask(`Bearer ${SECRET}`);
    await database().execute(sql`alter table workers_elsewhere rename to workers`);
    expect({ status, body }).toEqual({ status: 500, body: { code: "broken" } });
  });
});
