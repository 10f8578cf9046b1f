import { type AddressInfo, createServer, type Socket } from "node:net";
import { sql } from "drizzle-orm";
import { afterEach, expect, it, vi } from "vitest";
import { closeDatabase, database, openDatabase, runNamed, transaction } from "@/db/client";
import { useDatabase } from "@/tests/support/database";
import { byWayOf, isNeon, serverSocket } from "@/tests/support/route";

const address = useDatabase();
const TIMEOUTS = sql`select current_setting('statement_timeout') as statement, current_setting('idle_in_transaction_session_timeout') as idle`;

afterEach(async () => {
  vi.unstubAllGlobals();
  await closeDatabase();
  process.env.DATABASE_URL = address();
  await openDatabase({ migrate: false });
});

async function open(url: string) {
  await closeDatabase();
  process.env.DATABASE_URL = url;
  await openDatabase();
}

/** Listens where a pooler would, and does with each connection's first message what `decide` says. */
async function standIn(
  decide: (startup: Buffer, client: Socket) => Buffer | null,
): Promise<{ url: string; close: () => Promise<unknown> }> {
  const listener = createServer((client) => {
    client.once("data", (startup) => {
      const passed = decide(startup, client);
      if (!passed) return;
      const server = serverSocket(address());
      server.write(passed);
      client.pipe(server).pipe(client);
      for (const socket of [client, server]) socket.on("error", () => undefined);
    });
  });
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  return {
    url: byWayOf((listener.address() as AddressInfo).port, address()),
    close: () => new Promise((resolve) => listener.close(resolve)),
  };
}

/** The names that statements have in the session that is used next. */
async function namedHere(): Promise<string[]> {
  const text = "select coalesce(array_agg(name), '{}') as names from pg_prepared_statements where name <> '' and $1 = 1";
  await runNamed<{ names: string[] }>("asked_often", text, [1]);
  const [row] = await runNamed<{ names: string[] }>("asked_often", text, [1]);
  return row?.names ?? [];
}

it("takes Neon's driver for Neon's addresses, and node-postgres for all others", async () => {
  let opened = 0;
  class Counted extends WebSocket {
    constructor(...values: ConstructorParameters<typeof WebSocket>) {
      super(...values);
      opened += 1;
    }
  }
  vi.stubGlobal("WebSocket", Counted);
  await open(address());
  expect(opened > 0).toBe(isNeon(address()));
});

it("asks for the timeouts with each connection, and does without where a pooler refuses them so", async () => {
  const refused: string[] = [];
  const pooler = await standIn((first, client) => {
    // Neon's driver sends its password and first statement in the same breath.
    const startup = first.subarray(0, first.readInt32BE(0));
    if (!startup.includes("statement_timeout")) return first;
    refused.push(startup.subarray(8).toString().replaceAll("\0", " "));
    const fields = Buffer.from("SFATAL\0VFATAL\0C08P01\0Munsupported startup parameter: statement_timeout\0\0");
    const head = Buffer.from("E\0\0\0\0");
    head.writeInt32BE(fields.length + 4, 1);
    client.end(Buffer.concat([head, fields]));
    return null;
  });
  await open(pooler.url);
  expect(refused).toHaveLength(isNeon(address()) ? 0 : 1);
  for (const asked of refused) expect(asked).toMatch(/ statement_timeout 30000 .*idle_in_transaction_session_timeout 60000 /);
  expect((await database().execute(TIMEOUTS)).rows).toEqual([{ statement: "0", idle: "0" }]);
  expect((await transaction((tx) => tx.execute(TIMEOUTS))).rows).toEqual([{ statement: "30s", idle: "1min" }]);
  expect(await namedHere()).toEqual([]);
  await closeDatabase();
  await pooler.close();
});

it("a statement has a name only where sessions are ours", async () => {
  await open(address());
  expect(await namedHere()).toEqual(isNeon(address()) ? [] : ["asked_often"]);
});

it("limits transactions also where a pooler takes the timeouts and forgets them", async () => {
  const pooler = await standIn((startup) => {
    const text = startup.toString("latin1");
    // The same length, so that the message stays whole: two parameters that mean nothing here.
    return Buffer.from(
      text
        .replace("statement_timeout\x0030000", "application_name\x00300000")
        .replace("idle_in_transaction_session_timeout\x0060000", "application_name\x00".padEnd(41, "x")),
      "latin1",
    );
  });
  await open(pooler.url);
  expect((await database().execute(TIMEOUTS)).rows).toEqual([{ statement: "0", idle: "0" }]);
  expect((await transaction((tx) => tx.execute(TIMEOUTS))).rows).toEqual([{ statement: "30s", idle: "1min" }]);
  await closeDatabase();
  await pooler.close();
});
