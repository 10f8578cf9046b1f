import { type AddressInfo, createServer, type Socket } from "node:net";
import { afterAll, afterEach, beforeAll } from "vitest";
import { closeDatabase, openDatabase } from "@/db/client";
import { byWayOf, serverSocket } from "@/tests/support/route";

/** `before` the server has the statement, or `after` it has carried it out and before anybody hears of it. */
export type When = "before" | "after";
type Cut = { when: When; left: number; statement: RegExp };

const READY = 0x5a; // 'Z', ReadyForQuery
const SYNC = 0x53; // 'S'
const QUERY = 0x51; // 'Q'
const PARSE = 0x50; // 'P'

/** Whole messages off the front of what has come: a type, a length that counts itself, the rest. */
function messages(come: Buffer): { whole: { type: number; body: string }[]; rest: Buffer } {
  const whole: { type: number; body: string }[] = [];
  let rest = come;
  while (rest.length >= 5) {
    const end = 1 + rest.readUInt32BE(1);
    if (rest.length < end) break;
    whole.push({ type: rest[0] ?? 0, body: rest.toString("latin1", 5, end) });
    rest = rest.subarray(end);
  }
  return { whole, rest };
}

/**
 * Stands between a PostgreSQL driver and its server and understands enough of what they say to break one connection at one statement:
 * the nth from now that matches. Nothing else is touched, and whoever connects anew gets through.
 */
async function cuttingProxy(database: string) {
  let cut: Cut | null = null;
  let struck = false;
  const sockets = new Set<Socket>();

  const server = createServer((client) => {
    const upstream = serverSocket(database);
    const end = () => {
      client.destroy();
      upstream.destroy();
    };
    let greeted = false;
    let asked = Buffer.alloc(0);
    let answered = Buffer.alloc(0);
    let text = "";
    let deaf = false;

    /** Whether what has just come from the client is to be kept from the server. */
    function judge(chunk: Buffer): boolean {
      if (!greeted) {
        greeted = true;
        return false;
      }
      const { whole, rest } = messages(Buffer.concat([asked, chunk]));
      asked = Buffer.from(rest);
      for (const { type, body } of whole) {
        if (type === PARSE || type === QUERY) text += body.replace(/^[^\0]*\0(?=.)/, "");
        if (type !== SYNC && type !== QUERY) continue;
        const statement = text;
        text = "";
        if (!cut?.statement.test(statement)) continue;
        cut.left -= 1;
        if (cut.left > 0) continue;
        const { when } = cut;
        cut = null;
        struck = true;
        if (when === "before") return true;
        deaf = true;
      }
      return false;
    }

    client.on("data", (chunk: Buffer) => {
      if (judge(chunk)) end();
      else upstream.write(chunk);
    });
    upstream.on("data", (chunk: Buffer) => {
      if (!deaf) return client.write(chunk);
      const { whole, rest } = messages(Buffer.concat([answered, chunk]));
      answered = Buffer.from(rest);
      if (whole.some(({ type }) => type === READY)) end();
    });
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => {
        sockets.delete(socket);
        end();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    address: byWayOf((server.address() as AddressInfo).port, database),
    /** Breaks the connection at the nth matching statement from now on. */
    arm(when: When, statement: RegExp | number): void {
      struck = false;
      cut = typeof statement === "number" ? { when, left: statement, statement: /(?:)/ } : { when, left: 1, statement };
    },
    struck: () => struck,
    /** Whether it came to that; nothing is broken any more from here on. */
    disarm(): boolean {
      const came = struck;
      cut = null;
      struck = false;
      return came;
    },
    async stop(): Promise<void> {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

type Proxy = Awaited<ReturnType<typeof cuttingProxy>>;

/** Called after `useDatabase`: the product's connections of this file go by way of such a proxy. */
export function useCuttingProxy(address: () => string): Pick<Proxy, "arm" | "disarm" | "struck"> {
  let proxy: Proxy | undefined;
  const open = () => {
    if (!proxy) throw new Error("Nothing stands between yet");
    return proxy;
  };
  beforeAll(async () => {
    proxy = await cuttingProxy(address());
    await closeDatabase();
    process.env.DATABASE_URL = proxy.address;
    await openDatabase({ migrate: false });
  });
  afterEach(() => void open().disarm());
  afterAll(() => open().stop());
  return { arm: (when, statement) => open().arm(when, statement), disarm: () => open().disarm(), struck: () => open().struck() };
}
