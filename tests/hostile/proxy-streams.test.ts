import { createHash } from "node:crypto";
import { once } from "node:events";
import { type ClientRequest, type IncomingMessage, request } from "node:http";
import type { Writable } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterEach, describe, expect, it } from "vitest";
import { callsOf } from "./support/calls-of";
import { useProxyWorld } from "./support/proxy-world";

const world = useProxyWorld();
const MB = 1_048_576;
/** More of it, where somebody wants to see it for longer. */
const SIZE = Number(process.env.PROXY_MB ?? 50) * MB;
/** Of every size: what is on its way at any moment, the test's own two ends counted in. */
const MOST = 12 * MB;
setFlagsFromString("--expose-gc");
const sweep = runInNewContext("gc") as () => void;
/** A look at the memory takes as long as many megabytes on their way. */
const LOOK_EVERY = Math.max(8, SIZE / MB / 16) * MB;
let look = () => {};
const CHUNK = Buffer.alloc(65_536, "Latchkey");

function open(method: string, path: string, headers: Record<string, string | number> = {}): ClientRequest {
  return request({
    port: world.port,
    host: "127.0.0.1",
    method,
    path: `/api/v1/proxy/${world.connectionId}${path}`,
    headers: { authorization: `Bearer ${world.caller.token}`, ...headers },
  });
}

const answerTo = async (call: ClientRequest) => (await once(call, "response"))[0] as IncomingMessage;

/** Writes `size` bytes as fast as they are taken; tells how many it has written so far. */
async function write(to: Writable, size: number, told = { bytes: 0 }): Promise<void> {
  let go = () => {};
  to.on("drain", () => go()).on("close", () => go());
  while (told.bytes < size && !to.destroyed) {
    told.bytes += CHUNK.length;
    if (told.bytes % LOOK_EVERY === 0) look();
    if (to.write(CHUNK)) continue;
    await new Promise<void>((resolve) => {
      go = resolve;
    });
  }
}

async function digest(from: AsyncIterable<Buffer>): Promise<{ bytes: number; hash: string }> {
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const chunk of from) {
    bytes += chunk.length;
    hash.update(chunk);
  }
  return { bytes, hash: hash.digest("hex") };
}

const wanted = () => {
  const hash = createHash("sha256");
  for (let at = 0; at < SIZE; at += CHUNK.length) hash.update(CHUNK);
  return { bytes: SIZE, hash: hash.digest("hex") };
};

/** How much more memory than before work held at most: on the heap and outside of it, without what is only not swept yet. */
async function memoryOf<T>(work: () => Promise<T>): Promise<{ done: T; grew: number }> {
  const held = () => {
    sweep();
    // What the first one found is given back while it goes on.
    sweep();
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  };
  const before = held();
  let [most, looks] = [before, 0];
  look = () => {
    looks += 1;
    most = Math.max(most, held());
  };
  const done = await work();
  look = () => {};
  expect(looks).toBeGreaterThan(3);
  return { done, grew: most - before };
}

afterEach(() => {
  world.asked.length = 0;
  expect(world.trap.connections()).toBe(0);
});

describe("flat memory", () => {
  it(`a download of ${SIZE / MB} MB`, async () => {
    world.platform(async (_request, response) => {
      response.writeHead(200, { "content-length": SIZE });
      await write(response, SIZE);
      response.end();
    });
    const { done, grew } = await memoryOf(async () => digest(await answerTo(open("GET", "/big").end())));
    expect(done).toEqual(wanted());
    expect(grew).toBeLessThan(MOST);
  });

  it.each([
    ["with its length", { "content-length": SIZE }],
    ["in chunks", {}],
  ])(`an upload of ${SIZE / MB} MB, %s`, async (_, headers) => {
    let came: unknown;
    world.platform(async (request, response) => {
      came = await digest(request);
      response.end("ok");
    });
    const { done, grew } = await memoryOf(async () => {
      const call = open("PUT", "/big", headers);
      await write(call, SIZE);
      call.end();
      return digest(await answerTo(call));
    });
    expect([done.bytes, came]).toEqual([2, wanted()]);
    expect(grew).toBeLessThan(MOST);
    const [asked] = world.asked;
    expect([asked?.headers["content-length"]?.[0], asked?.headers["transfer-encoding"]?.[0]]).toEqual(
      "content-length" in headers ? [String(SIZE), undefined] : [undefined, "chunked"],
    );
  });

  it("a caller who does not read is waited for, and not read ahead for", async () => {
    const told = { bytes: 0 };
    world.platform(async (_request, response) => {
      response.writeHead(200);
      await write(response, 200 * MB, told);
      response.end();
    });
    const call = open("GET", "/big").end();
    const answer = await answerTo(call);
    answer.pause();
    for (let before = -1; before !== told.bytes; await pause(200)) before = told.bytes;
    // The system itself takes some megabytes on each of the two ways.
    expect(told.bytes).toBeLessThan(40 * MB);
    call.destroy();
  });
});

describe("who breaks off", () => {
  it("a caller who goes away ends the call at the platform, before its answer and within it", async () => {
    for (const begun of [false, true]) {
      let gone = false;
      const arrived = new Promise<void>((resolve) =>
        world.platform((request, response) => {
          request.socket.on("close", () => {
            gone = true;
          });
          if (begun) response.write("begun");
          resolve();
        }),
      );
      const call = open("GET", "/never").on("error", () => undefined);
      call.end();
      await arrived;
      if (begun) await answerTo(call);
      call.destroy();
      await expect.poll(() => gone).toBe(true);
      await expect.poll(async () => (await callsOf(world.connectionId))[0]?.failure).toBe(begun ? "gone" : "caller_gone");
    }
  });

  it("a caller who goes away within its upload does so for the platform too", async () => {
    let cut = false;
    const arrived = new Promise<void>((resolve) =>
      world.platform((request) => {
        request.on("error", () => undefined).once("data", () => resolve());
        request.on("close", () => {
          cut = !request.complete;
        });
      }),
    );
    const call = open("PUT", "/big", { "content-length": 10 * MB }).on("error", () => undefined);
    call.write(CHUNK);
    await arrived;
    call.destroy();
    await expect.poll(() => cut).toBe(true);
  });

  it.each([
    ["with a length", { "content-length": "1000" }],
    ["in chunks", {}],
  ])("half an answer is never a whole one: %s", async (_, headers) => {
    world.platform((request, response) => {
      response.writeHead(200, headers);
      response.write("half of it");
      setTimeout(() => request.socket.destroy(), 100);
    });
    const answer = await answerTo(open("GET", "/half").end());
    expect(answer.statusCode).toBe(200);
    await expect(digest(answer)).rejects.toThrow("aborted");
    expect(answer.complete).toBe(false);
    await expect.poll(async () => (await callsOf(world.connectionId))[0]).toMatchObject({ status: 200, failure: "cut" });
  });

  it("no answer at all is told as that: nothing was sent, or nobody knows", async () => {
    world.platform((request) => request.socket.destroy());
    const answer = await answerTo(open("POST", "/dies", { "content-length": 0 }).end());
    expect([answer.statusCode, answer.headers["latchkey-problem"]]).toEqual([502, "no_whole_answer"]);
    expect((await callsOf(world.connectionId))[0]).toMatchObject({ status: null, failure: "no_whole_answer" });
  });

  it("a platform that answers before it has read everything is heard", async () => {
    world.platform((_request, response) => response.writeHead(413, { connection: "close" }).end("too much"));
    const call = open("PUT", "/big", { "content-length": 10 * MB }).on("error", () => undefined);
    call.write(CHUNK);
    const answer = await answerTo(call);
    expect([answer.statusCode, (await digest(answer)).bytes]).toEqual([413, 8]);
    call.destroy();
  });
});
