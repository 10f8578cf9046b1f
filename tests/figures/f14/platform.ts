import { createServer, type Server, type Socket } from "node:net";
import { gzipSync } from "node:zlib";

const CRLF = "\r\n";
const head = (...lines: string[]) => ["HTTP/1.1 200 OK", "content-type: application/json", ...lines, "", ""].join(CRLF);
const bomb = gzipSync(Buffer.alloc(200 * 2 ** 20));
const filler = Buffer.alloc(65_536, " ");

function pour(socket: Socket, bytes: Buffer): void {
  const on = () => {
    while (!socket.destroyed && socket.write(bytes));
  };
  socket.on("drain", on);
  on();
}

function drip(socket: Socket, text: string): void {
  let at = 0;
  const timer = setInterval(() => socket.write(text[at++ % text.length] ?? " "), 1_000);
  socket.once("close", () => clearInterval(timer));
}

/** What a platform may do instead of answering. */
export const kinds: Record<string, (socket: Socket) => void> = {
  "a gzip of 200 KB that is 200 MB": (socket) =>
    socket.end(Buffer.concat([Buffer.from(head("content-encoding: gzip", `content-length: ${bomb.length}`)), bomb])),
  "a body without end": (socket) => {
    socket.write(head("connection: close"));
    pour(socket, filler);
  },
  "a body of a byte a second": (socket) => {
    socket.write(head("content-length: 1000"));
    drip(socket, '{"access_token":"');
  },
  "headers of a byte a second": (socket) => drip(socket, "HTTP/1.1 200 OK\r\nx: "),
  "100,000 headers": (socket) =>
    socket.end(head(...Array.from({ length: 100_000 }, (_, index) => `x-${index}: ${index}`), "content-length: 0")),
  "a length of 1 GB": (socket) => {
    socket.write(head("content-length: 1000000000"));
    pour(socket, filler);
  },
  "redirects in a circle": (socket) =>
    socket.end(["HTTP/1.1 307 Again", "location: /again", "content-length: 0", "connection: close", "", ""].join(CRLF)),
  "a connection and then nothing": () => undefined,
};

/** Answers every connection in one way; `good` ones by a small token at once. */
export async function hostile(kind: string | "good"): Promise<{ port: number; close: () => Promise<void> }> {
  const sockets = new Set<Socket>();
  const answer = kind === "good" ? (socket: Socket) => socket.end(`${head("content-length: 2", "connection: close")}{}`) : kinds[kind];
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined).once("close", () => sockets.delete(socket));
    socket.once("data", () => answer?.(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return {
    port: typeof address === "object" && address ? address.port : 0,
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
