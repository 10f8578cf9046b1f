import { createServer, type Socket } from "node:net";
import { afterAll, beforeAll } from "vitest";
import { makeFetch } from "@/lib/http";

/** An answer as bytes: what a server, a proxy or a cable may make of it. */
export type WireAnswer = {
  body: Buffer | string;
  status?: number;
  headers?: readonly (readonly [name: string, value: string])[];
  /** How the end of the body is told: by its length, in chunks, or by the end of the connection. */
  framing?: "length" | "chunked" | "close";
  /** So many bytes of the body arrive, then the connection ends. */
  cut?: number;
};

export type Wire = {
  /** Makes the call with the product's own way out and has it answered so. */
  answer: (answer: WireAnswer, init?: RequestInit) => Promise<Response>;
  /** Calls that arrived whole. */
  calls: () => number;
};

/** Called at the top of a test file: a raw server on loopback, reached through lib/http over real sockets. */
export function useWire(wholeTimeoutMs = 10_000): Wire {
  const outside = makeFetch({ allowLoopback: true, wholeTimeoutMs });
  const planned = new Map<string, WireAnswer>();
  let serial = 0;
  let calls = 0;
  let port = 0;
  const server = createServer((socket) => {
    let received = Buffer.alloc(0);
    socket.on("error", () => undefined);
    socket.on("data", (bytes) => {
      received = Buffer.concat([received, bytes]);
      const key = wholeRequest(received);
      const answer = key === null ? undefined : planned.get(key);
      if (key === null || !answer) return;
      planned.delete(key);
      calls += 1;
      write(socket, answer);
    });
  });
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    port = typeof address === "object" && address ? address.port : 0;
  });
  afterAll(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return {
    calls: () => calls,
    answer: (answer, init) => {
      const key = `/${++serial}`;
      planned.set(key, answer);
      return outside(`http://127.0.0.1:${port}${key}`, init);
    },
  };
}

/** The path of a request that has arrived with all of its body; null before. */
function wholeRequest(received: Buffer): string | null {
  const end = received.indexOf("\r\n\r\n");
  if (end < 0) return null;
  const head = received.subarray(0, end).toString("latin1");
  const length = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0);
  return received.length >= end + 4 + length ? (/^\S+ (\S+)/.exec(head)?.[1] ?? null) : null;
}

function write(
  socket: Socket,
  { body, status = 200, headers = [["content-type", "application/json"]], framing = "length", cut }: WireAnswer,
) {
  const bytes = Buffer.from(body);
  const told = framing === "length" ? [`content-length: ${bytes.length}`] : framing === "chunked" ? ["transfer-encoding: chunked"] : [];
  const head = [`HTTP/1.1 ${status} Told`, ...headers.map(([name, value]) => `${name}: ${value}`), ...told, "connection: close", "", ""];
  socket.write(Buffer.from(head.join("\r\n"), "latin1"));
  const sent = bytes.subarray(0, cut ?? bytes.length);
  if (framing !== "chunked") return socket.end(sent);
  if (sent.length > 0) socket.write(Buffer.concat([Buffer.from(`${sent.length.toString(16)}\r\n`), sent, Buffer.from("\r\n")]));
  return socket.end(cut === undefined ? "0\r\n\r\n" : "");
}
