import { once } from "node:events";
import { createServer } from "node:http";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { makePass, type Passed } from "@/lib/http";
import { failureOf } from "@/tests/support/http-failure";
import { listening, rawServer } from "@/tests/support/raw-server";

const pass = makePass({ allowLoopback: true });
const never = () => new AbortController().signal;
const get = (more: Partial<Passed> = {}): Passed => ({ method: "GET", headers: {}, body: null, signal: never(), ...more });
const MB = 1_048_576;

const textOf = async (body: AsyncIterable<Uint8Array>) => Buffer.concat(await Array.fromAsync(body)).toString("latin1");

/** `size` bytes, made as they are asked for; `made` tells how many were. */
function source(size: number) {
  const told = { made: 0 };
  const stream = new ReadableStream<Uint8Array>(
    {
      pull: (controller) => {
        if (told.made >= size) return controller.close();
        told.made += 65_536;
        controller.enqueue(new Uint8Array(65_536));
      },
    },
    { highWaterMark: 0 },
  );
  return { told, stream };
}

/** Until a number has stopped growing. */
async function still(count: () => number): Promise<void> {
  let before = -1;
  const grown = () => {
    const more = count() !== before;
    before = count();
    return more;
  };
  await expect.poll(grown, { interval: 200 }).toBe(false);
}

describe("a call that is passed on", () => {
  it("says what it was told to say, byte for byte, and no more", async () => {
    const server = await rawServer({ answer: (socket) => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok") });
    const call = get({ method: "PATCH", headers: { "x-one": "a, b", accept: "text/plain" }, body: Buffer.from("body") });
    const answer = await pass(`http://localhost:${server.port}/a%2Fb?c=d%20e`, call);
    expect([answer.status, await textOf(answer.body)]).toEqual([200, "ok"]);
    const [head, body] = server.received().split("\r\n\r\n");
    expect(body).toBe("body");
    expect(head?.split("\r\n").map((line) => line.toLowerCase())).toEqual([
      "patch /a%2fb?c=d%20e http/1.1",
      `host: localhost:${server.port}`,
      "connection: close",
      "x-one: a, b",
      "accept: text/plain",
      "content-length: 4",
    ]);
  });

  it("gets what came, packed as it came, with each header as often as it came", async () => {
    const packed = gzipSync("متجر الأمل".repeat(100));
    const server = createServer((_request, response) => {
      response.writeHead(
        203,
        [
          ["content-encoding", "gzip"],
          ["content-length", String(packed.length)],
          ["set-cookie", "a=1"],
          ["set-cookie", "b=2"],
          ["x-many", "1"],
          ["x-many", "2"],
        ].flat(),
      );
      response.end(packed);
    });
    const answer = await pass(`http://localhost:${await listening(server)}/`, get());
    expect([answer.status, answer.headers.get("content-length")]).toEqual([203, String(packed.length)]);
    expect([answer.headers.getSetCookie(), answer.headers.get("x-many")]).toEqual([["a=1", "b=2"], "1, 2"]);
    expect(await textOf(answer.body)).toBe(packed.toString("latin1"));
  });

  it.each([301, 302, 303, 307, 308])("%i is not followed", async (status) => {
    const trap = await rawServer({});
    const location = `http://localhost:${trap.port}/`;
    const server = createServer((_request, response) => response.writeHead(status, { location }).end("moved"));
    const answer = await pass(`http://localhost:${await listening(server)}/`, get({ method: "POST", body: Buffer.from("x") }));
    expect([answer.status, answer.headers.get("location"), await textOf(answer.body)]).toEqual([status, location, "moved"]);
    expect(trap.connections()).toBe(0);
  });

  it.each([
    ["http://shop.example/", "operator url_not_allowed"],
    ["https://user@shop.example/", "operator url_not_allowed"],
    ["https://shop.example:22/", "operator url_not_allowed"],
    ["https://10.0.0.1/", "operator address_not_allowed"],
    ["https://169.254.169.254/latest/meta-data", "operator address_not_allowed"],
    ["https://[::ffff:127.0.0.1]/", "operator address_not_allowed"],
  ])("S-91 %s is not called", async (url, wanted) => {
    expect(await failureOf(makePass({ allowLoopback: false })(url, get()))).toBe(wanted);
  });

  it("S-91 a name is called only where all its addresses may be", async () => {
    const trap = await rawServer({});
    const lookup = (_host: string, _options: object, callback: (error: null, found: { address: string; family: number }[]) => void) =>
      callback(null, [{ address: "127.0.0.1", family: 4 }]);
    const guarded = makePass({ allowLoopback: false, lookup: lookup as never });
    expect(await failureOf(guarded(`https://shop.example:8443/`, get()))).toBe("operator address_not_allowed");
    expect(trap.connections()).toBe(0);
  });

  it("knows whether anything was sent", async () => {
    const closed = await rawServer({ answer: (socket) => socket.destroy() });
    expect(await failureOf(pass(`http://localhost:${closed.port}/`, get()))).toBe("doubt no_whole_answer");
    expect(await failureOf(pass("http://localhost:1/", get()))).toBe("transient unreachable");
  });
});

describe("what flows is as fast as who takes it", () => {
  it("a body is not read further than the platform takes it", async () => {
    const server = createServer((request) => void request.pause());
    const { told, stream } = source(200 * MB);
    const end = new AbortController();
    const url = `http://localhost:${await listening(server)}/`;
    const call = pass(url, get({ method: "PUT", headers: { "content-length": String(200 * MB) }, body: stream, signal: end.signal }));
    await once(server, "request");
    await still(() => told.made);
    expect(told.made).toBeLessThan(20 * MB);
    end.abort();
    expect(await failureOf(call)).toBe("doubt no_whole_answer");
  });

  it("an answer is not read further than it is taken, and is ended with the signal", async () => {
    let [written, gone] = [0, false];
    const server = createServer((request, response) => {
      request.socket.on("close", () => {
        gone = true;
      });
      const more = () => {
        while (written < 200 * MB && response.write(Buffer.alloc(65_536))) written += 65_536;
        response.once("drain", more);
      };
      more();
    });
    const end = new AbortController();
    const answer = await pass(`http://localhost:${await listening(server)}/`, get({ signal: end.signal }));
    await still(() => written);
    expect(written).toBeLessThan(20 * MB);
    end.abort();
    await expect(textOf(answer.body)).rejects.toThrow();
    await expect.poll(() => gone).toBe(true);
  });
});
