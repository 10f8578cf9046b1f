import { createServer } from "node:http";
import { brotliCompressSync, constants, createGzip, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { makeFetch } from "@/lib/http";
import { failureOf, SECRET } from "@/tests/support/http-failure";
import { listening, rawServer } from "@/tests/support/raw-server";

const outside = makeFetch({ allowLoopback: true, wholeTimeoutMs: 5_000 });
const TEXT = JSON.stringify({ text: "متجر الأمل ".repeat(400), end: true });

async function answering(status: number, headers: Record<string, string>, body: Buffer | string): Promise<string> {
  const server = createServer((_request, response) => {
    response.writeHead(status, headers);
    for (let at = 0; at < body.length; at += 500) response.write(body.slice(at, at + 500));
    response.end();
  });
  return `http://localhost:${await listening(server)}/${SECRET}`;
}

/** `megabytes` of zeros, packed. */
async function bomb(megabytes: number): Promise<Buffer> {
  const gzip = createGzip({ level: constants.Z_BEST_COMPRESSION });
  const chunks: Buffer[] = [];
  gzip.on("data", (chunk: Buffer) => chunks.push(chunk));
  const zeros = Buffer.alloc(1_048_576);
  for (let at = 0; at < megabytes; at += 1) await new Promise((resolve) => gzip.write(zeros, resolve));
  await new Promise((resolve) => gzip.end(resolve));
  return Buffer.concat(chunks);
}

describe("an answer arrives whole", () => {
  it.each<[string, Record<string, string>, Buffer | string]>([
    ["as it is", {}, TEXT],
    ["with a length", { "content-length": String(Buffer.byteLength(TEXT)) }, TEXT],
    ["gzip", { "content-encoding": "gzip" }, gzipSync(TEXT)],
    ["GZIP, with the packed length", { "content-encoding": "GZIP", "content-length": String(gzipSync(TEXT).length) }, gzipSync(TEXT)],
    ["br", { "content-encoding": "br" }, brotliCompressSync(TEXT)],
    ["deflate", { "content-encoding": "deflate" }, deflateSync(TEXT)],
    ["zstd", { "content-encoding": "zstd" }, zstdCompressSync(TEXT)],
    ["packed twice", { "content-encoding": "gzip, br" }, brotliCompressSync(gzipSync(TEXT))],
  ])("%s", async (_, headers, body) => {
    const answer = await outside(await answering(200, { "content-type": "application/json", ...headers }, body));
    expect(await answer.text()).toBe(TEXT);
    expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "application/json"]);
    expect([answer.headers.get("content-encoding"), answer.headers.get("content-length")]).toEqual([null, null]);
  });

  it.each([204, 205, 304])("%i, which has no body", async (status) => {
    const answer = await outside(await answering(status, {}, ""));
    expect([answer.status, await answer.text()]).toEqual([status, ""]);
  });

  it.each([400, 401, 404, 429, 500, 503])("%i, which is an answer and no error", async (status) => {
    const answer = await outside(await answering(status, { "retry-after": "7", "set-cookie": "a=1" }, "no"));
    expect([answer.status, await answer.text(), answer.headers.get("retry-after")]).toEqual([status, "no", "7"]);
    expect(answer.headers.getSetCookie()).toEqual(["a=1"]);
  });

  it("what was sent arrives whole too", async () => {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request
        .on("data", (chunk: Buffer) => chunks.push(chunk))
        .on("end", () => {
          const told = { method: request.method, type: request.headers["content-type"], body: Buffer.concat(chunks).toString() };
          response.end(JSON.stringify(told));
        });
    });
    const url = `http://localhost:${await listening(server)}/`;
    const body = new URLSearchParams({ code: "متجر", again: "a b+c" });
    expect(await (await outside(url, { method: "POST", body })).json()).toEqual({
      method: "POST",
      type: "application/x-www-form-urlencoded;charset=UTF-8",
      body: body.toString(),
    });
  });
});

describe("S-92 redirects are answers", () => {
  it.each([301, 302, 303, 307, 308])("%i is not followed", async (status) => {
    const trap = await rawServer({ answer: (socket) => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n") });
    const location = `http://localhost:${trap.port}/`;
    const answer = await outside(await answering(status, { location }, "moved"), { method: "POST", body: SECRET });
    expect([answer.status, answer.headers.get("location"), await answer.text()]).toEqual([status, location, "moved"]);
    expect(trap.connections()).toBe(0);
  });

  it("though the caller asks for it", async () => {
    const trap = await rawServer({});
    const url = await answering(307, { location: `http://localhost:${trap.port}/` }, "");
    expect((await outside(url, { method: "POST", body: SECRET, redirect: "follow" })).status).toBe(307);
    expect(trap.connections()).toBe(0);
  });
});

describe("S-96 no more than 64 KB", () => {
  it.each<[number, string]>([
    [65_536, "whole"],
    [65_537, "doubt no_whole_answer"],
  ])("%i bytes: %s", async (size, wanted) => {
    for (const body of [Buffer.alloc(size, 97), gzipSync(Buffer.alloc(size, 97))]) {
      const call = outside(await answering(200, body.length === size ? {} : { "content-encoding": "gzip" }, body));
      expect(
        await call.then(
          async (answer) => ((await answer.text()).length === size ? "whole" : "cut"),
          () => failureOf(call),
        ),
      ).toBe(wanted);
    }
  });

  it("200 MB out of 200 KB stop at once, in flat memory", async () => {
    const packed = await bomb(200);
    expect(packed.length).toBeLessThan(250_000);
    const url = await answering(200, { "content-encoding": "gzip" }, packed);
    const before = process.memoryUsage.rss();
    let most = before;
    const timer = setInterval(() => {
      most = Math.max(most, process.memoryUsage.rss());
    }, 2);
    const begun = performance.now();
    expect(await failureOf(outside(url))).toBe("doubt no_whole_answer");
    clearInterval(timer);
    expect(performance.now() - begun).toBeLessThan(2_000);
    expect(Math.max(most, process.memoryUsage.rss()) - before).toBeLessThan(60 * 1_048_576);
  });

  it.each<[string, string, string]>([
    ["a body without an end", "HTTP/1.1 200 OK\r\n\r\n", "a".repeat(16_384)],
    ["chunks without an end", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n", `4000\r\n${"a".repeat(16_384)}\r\n`],
    ["headers without an end", "HTTP/1.1 200 OK\r\n", "x-more: and more\r\n".repeat(500)],
  ])("%s is left as soon as it is too long", async (_, first, more) => {
    let written = 0;
    let gone = false;
    const server = await rawServer({
      answer: (socket) => {
        socket.write(first);
        const timer = setInterval(() => {
          if (socket.writable && !socket.writableNeedDrain) socket.write(more, () => (written += more.length));
        }, 1);
        socket.on("close", () => {
          gone = true;
          clearInterval(timer);
        });
      },
    });
    const begun = performance.now();
    expect(await failureOf(outside(`http://localhost:${server.port}/`))).toBe("doubt no_whole_answer");
    expect(performance.now() - begun).toBeLessThan(3_000);
    await expect.poll(() => gone).toBe(true);
    expect(written).toBeLessThan(8_388_608);
  });

  it("100,000 headers are refused", async () => {
    const server = await rawServer({ answer: (socket) => socket.end(`HTTP/1.1 200 OK\r\n${"x: y\r\n".repeat(100_000)}\r\n`) });
    expect(await failureOf(outside(`http://localhost:${server.port}/`))).toBe("doubt no_whole_answer");
  });

  it("a length that is too small gives no more than it says", async () => {
    const server = await rawServer({
      answer: (socket) => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nokHTTP/1.1 200 OK\r\n\r\nmore"),
    });
    const call = outside(`http://localhost:${server.port}/`);
    expect(
      await call.then(
        (answer) => answer.text(),
        () => failureOf(call),
      ),
    ).toMatch(/^(ok|doubt no_whole_answer)$/);
  });
});
