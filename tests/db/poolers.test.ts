import { mkdtemp, rm } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { neonConfig } from "@neondatabase/serverless";
import { eq, sql } from "drizzle-orm";
import { afterEach, expect, it } from "vitest";
import { closeDatabase, database, openDatabase, transaction } from "@/db/client";
import { DatabaseError } from "@/db/database-error";
import { newId } from "@/db/new-id";
import { merchants } from "@/db/schema";
import { useDatabase } from "@/tests/support/database";
import { startNeonProxy } from "@/tests/support/neon-proxy";

const address = useDatabase();
const CANARY = "CNRY-51ab0c";

afterEach(async () => {
  await closeDatabase();
  process.env.DATABASE_URL = address();
  await openDatabase({ migrate: false });
});

async function open(url: string) {
  await closeDatabase();
  process.env.DATABASE_URL = url;
  await openDatabase();
}

function socketPath(): string {
  const host = new URL(address()).searchParams.get("host");
  if (!host) throw new Error("This test needs the embedded server's socket.");
  return join(host, ".s.PGSQL.5432");
}

it.skipIf(process.env.TEST_DATABASE_URL)(
  "works through Neon's driver: migrate, write, read, transact, fail without a word of the values",
  async () => {
    const proxy = await startNeonProxy(socketPath());
    neonConfig.wsProxy = () => proxy.host;
    neonConfig.useSecureWebSocket = false;
    neonConfig.pipelineTLS = false;
    neonConfig.pipelineConnect = false;
    const url = new URL(address());
    await open(`postgres://${url.username}:${url.password}@ep-quiet-sea.eu-central-1.aws.neon.tech${url.pathname}`);
    expect(proxy.count()).toBeGreaterThan(0);

    const [kept, dropped] = [newId("mer"), newId("mer")];
    await transaction((tx) => tx.insert(merchants).values({ id: kept, name: "الأمل" }));
    const failing = transaction(async (tx) => {
      await tx.insert(merchants).values({ id: dropped, name: "d" });
      await tx.execute(sql`select ${CANARY}::uuid`);
    });
    const error = await failing.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(DatabaseError);
    expect(error).toMatchObject({ code: "22P02" });
    expect(String((error as Error).stack)).not.toContain(CANARY);
    expect((await database().select().from(merchants).where(eq(merchants.id, kept)))[0]?.name).toBe("الأمل");
    expect(await database().select().from(merchants).where(eq(merchants.id, dropped))).toHaveLength(0);
    await closeDatabase();
    proxy.stop();
  },
);

it.skipIf(process.env.TEST_DATABASE_URL)("does without timeouts behind a pooler that refuses them as startup parameters", async () => {
  const folder = await mkdtemp(join(tmpdir(), "latchkey-pooler-"));
  const path = join(folder, ".s.PGSQL.5432");
  let refused = 0;
  const pooler = createServer((client) => {
    client.once("data", (startup) => {
      if (!startup.includes("statement_timeout")) {
        const server = connect(socketPath());
        server.write(startup);
        client.pipe(server).pipe(client);
        for (const socket of [client, server]) socket.on("error", () => undefined);
        return;
      }
      refused += 1;
      const fields = Buffer.from("SFATAL\0VFATAL\0C08P01\0Munsupported startup parameter: statement_timeout\0\0");
      const head = Buffer.from("E\0\0\0\0");
      head.writeInt32BE(fields.length + 4, 1);
      client.end(Buffer.concat([head, fields]));
    });
  });
  await new Promise<void>((resolve) => pooler.listen(path, resolve));
  const url = new URL(address());
  url.searchParams.set("host", folder);
  await open(url.href);
  expect(refused).toBe(1);
  expect((await database().execute(sql`select current_setting('statement_timeout') as limit`)).rows).toEqual([{ limit: "0" }]);
  await closeDatabase();
  await new Promise((resolve) => pooler.close(resolve));
  await rm(folder, { recursive: true });
});
