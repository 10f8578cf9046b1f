import { sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { GET } from "@/app/api/v1/[...path]/route";
import { database } from "@/db/client";
import { setEnv, useEnv } from "@/tests/auth/set-env";
import { useDatabase } from "@/tests/support/database";

useDatabase();
useEnv();

const ask = async () => {
  const answer = await GET(new Request("http://localhost:3000/api/v1/health"));
  return { status: answer.status, body: await answer.json(), cache: answer.headers.get("cache-control") };
};

describe("readiness", () => {
  it("is told while the database answers", async () =>
    expect(await ask()).toEqual({ status: 200, body: { status: "ready" }, cache: "no-store" }));

  it("S-56 is never told of a demo", async () => {
    setEnv({ LATCHKEY_DEMO: "1" });
    expect(await ask()).toEqual({ status: 503, body: { status: "demo" }, cache: "no-store" });
    setEnv({ LATCHKEY_DEMO: undefined });
  });

  it("is not told of a database that cannot be used, nor why", async () => {
    await database().execute(sql`alter table clock rename to clock_elsewhere`);
    expect(await ask()).toEqual({ status: 503, body: { status: "unavailable" }, cache: "no-store" });
    await database().execute(sql`alter table clock_elsewhere rename to clock`);
  });
});
