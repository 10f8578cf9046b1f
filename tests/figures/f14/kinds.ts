import type { Socket } from "node:net";
import { gzipSync } from "node:zlib";

const CRLF = "\r\n";
const MB = 2 ** 20;
const head = (...lines: string[]) => ["HTTP/1.1 200 OK", "content-type: application/json", ...lines, "", ""].join(CRLF);
const bomb = gzipSync(Buffer.alloc(200 * MB));
const filler = Buffer.alloc(65_536, " ");
const headers = Array.from({ length: 100_000 }, (_, index) => `x-${index}: ${index}`);
/** Nobody who stops at a limit hears so much; who has none should not take this machine down. */
const MOST_POURED = 192 * MB;

/** As fast as it is taken; the end never comes. */
function pour(socket: Socket): void {
  let poured = 0;
  const on = () => {
    while (!socket.destroyed && poured < MOST_POURED) {
      poured += filler.length;
      if (!socket.write(filler)) return;
    }
  };
  socket.on("drain", on);
  on();
}

function drip(socket: Socket, text: string): void {
  let at = 0;
  const timer = setInterval(() => socket.write(text[at++ % text.length] ?? " "), 1_000);
  socket.once("close", () => clearInterval(timer));
}

/** What a platform may do instead of answering; `slow` ones hold a call for as long as they are let. */
export const kinds: Record<string, { slow: boolean; answer: (socket: Socket) => void }> = {
  "a gzip of 200 KB that is 200 MB": {
    slow: false,
    answer: (socket) =>
      void socket.end(Buffer.concat([Buffer.from(head("content-encoding: gzip", `content-length: ${bomb.length}`)), bomb])),
  },
  "a body without end": {
    slow: false,
    answer: (socket) => {
      socket.write(head("connection: close"));
      pour(socket);
    },
  },
  "a length of 1 GB": {
    slow: false,
    answer: (socket) => {
      socket.write(head("content-length: 1000000000"));
      pour(socket);
    },
  },
  "100,000 headers": { slow: false, answer: (socket) => void socket.end(head(...headers, "content-length: 0")) },
  "redirects in a circle": {
    slow: false,
    answer: (socket) =>
      void socket.end(["HTTP/1.1 307 Again", "location: /again", "content-length: 0", "connection: close", "", ""].join(CRLF)),
  },
  "a body of a byte a second": {
    slow: true,
    answer: (socket) => {
      socket.write(head("content-length: 1000"));
      drip(socket, '{"access_token":"');
    },
  },
  "headers of a byte a second": { slow: true, answer: (socket) => drip(socket, `HTTP/1.1 200 OK${CRLF}x: `) },
  "a connection and then nothing": { slow: true, answer: () => undefined },
};
