import { once } from "node:events";
import { connect } from "node:net";
import { errors } from "undici";
import { expect, it } from "vitest";
import { makeFetch } from "@/lib/http";
import { littleAtFirst } from "@/lib/little-at-first";
import { rawServer } from "@/tests/support/raw-server";

async function connected(bytes: number) {
  const { port } = await rawServer({ accept: (socket) => socket.end(Buffer.alloc(bytes, 7)) });
  const socket = littleAtFirst(connect(port, "127.0.0.1"));
  await once(socket, "readable");
  return socket;
}

it("gives everything, in small pieces first and by whatever is there later", async () => {
  const socket = await connected(400_000);
  const pieces: number[] = [];
  const ended = once(socket, "end");
  const read = () => {
    for (let piece: Buffer | null = socket.read(); piece !== null; piece = socket.read()) pieces.push(piece.length);
  };
  socket.on("readable", read);
  read();
  await ended;
  expect(pieces.reduce((sum, length) => sum + length, 0)).toBe(400_000);
  expect(Math.max(...pieces.slice(0, 500))).toBeLessThanOrEqual(256);
  expect(Math.max(...pieces)).toBeGreaterThan(10_000);
});

it("gives nothing more once it was ended, however much has arrived", async () => {
  const socket = await connected(10_000);
  expect(socket.read()).toHaveLength(256);
  expect(socket.readableLength).toBeGreaterThan(0);
  socket.destroy();
  expect(socket.read()).toBeNull();
});

it("an answer of 100,000 headers makes a few errors and not one for each of them", async () => {
  const headers = Array.from({ length: 100_000 }, (_, index) => `x-${index}: ${index}\r\n`).join("");
  const { port } = await rawServer({ answer: (socket) => socket.end(`HTTP/1.1 200 OK\r\n${headers}\r\n`) });
  const { prototype } = errors.HeadersOverflowError;
  let made = 0;
  const count = (code: string) => {
    if (code === "UND_ERR_HEADERS_OVERFLOW") made += 1;
  };
  Object.defineProperty(prototype, "code", { configurable: true, set: count });
  try {
    await expect(makeFetch({ allowLoopback: true })(`http://127.0.0.1:${port}/`)).rejects.toMatchObject({ code: "no_whole_answer" });
  } finally {
    Reflect.deleteProperty(prototype, "code");
  }
  expect(made).toBeGreaterThan(0);
  expect(made).toBeLessThan(100);
});
