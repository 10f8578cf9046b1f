import { type AddressInfo, createServer, type Socket } from "node:net";
import { plainClient } from "./administer";
import { byWayOf, plainAddress } from "./route";

/** One connection to the server; its bytes go to whoever holds it at the moment. */
interface Backend {
  socket: Socket;
  holder: { told: (message: Buffer) => void; lost: () => void } | undefined;
}

const KNOWN = new Set(["user", "database", "client_encoding", "application_name", "datestyle", "timezone", "standard_conforming_strings"]);
const SSL_REQUEST = 80877103;
const CANCEL_REQUEST = 80877102;

/** A message of the server's: its letter, its length, what it says. */
function message(letter: string, ...parts: (string | number | Buffer)[]): Buffer {
  const bytes = parts.map((part) => {
    if (typeof part === "string") return Buffer.from(`${part}\0`);
    if (typeof part !== "number") return part;
    const number = Buffer.alloc(4);
    number.writeInt32BE(part);
    return number;
  });
  const head = Buffer.from(`${letter}\0\0\0\0`);
  head.writeInt32BE(4 + bytes.reduce((total, { length }) => total + length, 0), 1);
  return Buffer.concat([head, ...bytes]);
}

const failure = (code: string, text: string) => message("E", "SFATAL", "VFATAL", `C${code}`, `M${text}`, Buffer.from("\0"));
const READY = message("Z", Buffer.from("I"));
const WELCOME = [
  message("R", 0),
  ...Object.entries({ client_encoding: "UTF8", DateStyle: "ISO, MDY", standard_conforming_strings: "on", server_version: "15.0" }).map(
    ([name, value]) => message("S", name, value),
  ),
  message("K", 0, 0),
  READY,
];

/** Calls `each` with whole messages. Before `lettered()` a message is a length alone, as a client's first ones are. */
function cut(socket: Socket, lettered: () => boolean, each: (whole: Buffer) => void) {
  let rest: Buffer = Buffer.alloc(0);
  socket.on("data", (chunk: Buffer) => {
    rest = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    for (;;) {
      const start = lettered() ? 1 : 0;
      if (rest.length < start + 4) return;
      const length = start + rest.readInt32BE(start);
      if (rest.length < length) return;
      const whole = rest.subarray(0, length);
      rest = rest.subarray(length);
      each(whole);
    }
  });
}

/** What is written in one go goes out in one piece: a query and its answer are a handful of messages each. */
function write(socket: Socket, bytes: Buffer): void {
  if (socket.writableCorked === 0) {
    socket.cork();
    process.nextTick(() => socket.uncork());
  }
  socket.write(bytes);
}

/** The connections of one user to one database. */
function pool(address: string) {
  const idle: Backend[] = [];
  const all = new Set<Backend>();

  async function connect(): Promise<Backend> {
    const client = await plainClient(address);
    // Signed in by node-postgres, from here on ours: bytes go through as they are.
    const { stream: socket } = (client as unknown as { connection: { stream: Socket } }).connection;
    for (const event of ["data", "end", "close", "error"]) socket.removeAllListeners(event);
    const backend: Backend = { socket, holder: undefined };
    all.add(backend);
    cut(
      socket,
      () => true,
      (whole) => backend.holder?.told(whole),
    );
    socket.on("error", () => undefined);
    socket.once("close", () => {
      all.delete(backend);
      const at = idle.indexOf(backend);
      if (at >= 0) idle.splice(at, 1);
      backend.holder?.lost();
    });
    return backend;
  }

  return {
    /** The one that has rested longest. */
    take: async (): Promise<Backend> => idle.shift() ?? (await connect()),
    /** Takes it back and makes it forget all that belongs to a session: settings, locks, prepared statements, temporary tables, listening. */
    give(backend: Backend) {
      const told = (whole: Buffer) => {
        if (whole[0] !== READY[0]) return;
        backend.holder = undefined;
        idle.push(backend);
      };
      backend.holder = { told, lost: () => undefined };
      backend.socket.write(message("Q", "discard all"));
    },
    end() {
      for (const { socket } of all) socket.destroy();
    },
  };
}

type Pool = ReturnType<typeof pool>;
type Find = (user: string, database: string, password: string) => Pool;

function serve(client: Socket, find: Find) {
  let settings: Map<string, string> | undefined;
  let signedIn: Pool | undefined;
  let backend: Backend | undefined;
  let answersDue = 0;

  const told = (whole: Buffer) => {
    write(client, whole);
    if (whole[0] !== READY[0]) return;
    answersDue -= 1;
    if (answersDue > 0 || whole[5] !== READY[5] || !backend) return;
    signedIn?.give(backend);
    backend = undefined;
  };

  async function startUp(whole: Buffer) {
    const code = whole.readInt32BE(4);
    if (code === CANCEL_REQUEST) return void client.destroy();
    if (code === SSL_REQUEST) return void client.write("N");
    const words = whole.subarray(8).toString().split("\0");
    settings = new Map(words.flatMap((name, at) => (at % 2 === 0 && name ? [[name, words[at + 1] ?? ""] as const] : [])));
    const unknown = [...settings.keys()].find((name) => !KNOWN.has(name.toLowerCase()));
    if (unknown) client.end(failure("08P01", `unsupported startup parameter: ${unknown}`));
    else client.write(message("R", 3));
  }

  async function signIn(whole: Buffer) {
    const password = whole.subarray(5, -1).toString();
    const found = find(settings?.get("user") ?? "", settings?.get("database") ?? "", password);
    found.give(await found.take());
    signedIn = found;
    for (const part of WELCOME) write(client, part);
  }

  async function pass(whole: Buffer, to: Pool) {
    const letter = String.fromCharCode(whole[0] ?? 0);
    if (letter === "X") return void client.end();
    if (letter === "Q" || letter === "S") answersDue += 1;
    if (!backend) {
      const taken = await to.take();
      if (client.destroyed) return to.give(taken);
      backend = taken;
      backend.holder = { told, lost: () => client.end() };
    }
    write(backend.socket, whole);
  }

  let before: Promise<void> = Promise.resolve();
  const inOrder = (whole: Buffer) => {
    before = before
      .then(() => (signedIn ? pass(whole, signedIn) : settings ? signIn(whole) : startUp(whole)))
      .catch((error: { code?: string; message?: string }) => {
        client.end(failure(error.code?.length === 5 ? error.code : "08006", error.message ?? "lost"));
      });
  };
  let first = true;
  cut(
    client,
    () => !first,
    (whole) => {
      if (first) first = whole.readInt32BE(4) === SSL_REQUEST;
      inOrder(whole);
    },
  );
  client.on("error", () => undefined);
  // Whoever leaves within a transaction takes the connection along.
  client.once("close", () => backend?.socket.destroy());
}

/**
 * Stands where a transaction pooler stands, and is stricter than most: each transaction may get another connection to the server, and
 * never finds anything of a session's there.
 */
export async function startTransactionPooler(server: string): Promise<{ address: string; end: () => void }> {
  const pools = new Map<string, Pool>();
  const clients = new Set<Socket>();
  const find: Find = (user, database, password) => {
    const url = new URL(plainAddress(server));
    url.pathname = `/${database}`;
    url.username = user;
    url.password = password;
    const found = pools.get(url.href) ?? pool(url.href);
    pools.set(url.href, found);
    return found;
  };
  const listener = createServer({ noDelay: true }, (client) => {
    clients.add(client);
    client.once("close", () => clients.delete(client));
    serve(client, find);
  });
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  return {
    address: byWayOf((listener.address() as AddressInfo).port, server),
    end() {
      for (const client of clients) client.destroy();
      for (const one of pools.values()) one.end();
      listener.close();
    },
  };
}
