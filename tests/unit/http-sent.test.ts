import { subscribe } from "node:diagnostics_channel";
import { createSecureServer } from "node:http2";
import { createServer as createHttps } from "node:https";
import type { Socket } from "node:net";
import { createServer as createTls, setDefaultCACertificates } from "node:tls";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { makeFetch } from "@/lib/http";
import { failureOf, SECRET } from "@/tests/support/http-failure";
import { listening, rawServer } from "@/tests/support/raw-server";
import { selfSigned } from "@/tests/support/self-signed";

const known = selfSigned("localhost");
setDefaultCACertificates([known.cert]);

const outside = makeFetch({ allowLoopback: true, wholeTimeoutMs: 700 });
let written = 0;
subscribe("undici:client:sendHeaders", () => {
  written += 1;
});

const spend = { method: "POST", body: `code=${SECRET}` };
const OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
const to = (port: number, scheme = "http") => `${scheme}://localhost:${port}/${SECRET}`;

/** A port that nobody listens on: one that was just given back. */
async function closedPort(): Promise<number> {
  const { createServer } = await import("node:net");
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const port = (server.address() as { port: number }).port;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe("nothing was sent: transient", () => {
  it("a refused connection", async () => expect(await failureOf(outside(to(await closedPort()), spend))).toBe("transient unreachable"));

  it("a name that has no address", async () => {
    const nowhere = makeFetch({ allowLoopback: true, lookup: (_host, _how, done) => done(new Error(`ENOTFOUND ${SECRET}`), []) });
    expect(await failureOf(nowhere(to(1), spend))).toBe("transient unreachable");
  });

  it("a lookup that never ends", async () => {
    const slow = makeFetch({ allowLoopback: true, wholeTimeoutMs: 200, lookup: () => undefined });
    expect(await failureOf(slow(to(1), spend))).toBe("transient unreachable");
  });

  it("a TLS handshake that is never answered, cut by the connection's own limit", async () => {
    const silent = await rawServer({});
    const begun = performance.now();
    const quick = makeFetch({ allowLoopback: true, connectTimeoutMs: 300, wholeTimeoutMs: 10_000 });
    expect(await failureOf(quick(to(silent.port, "https"), spend))).toBe("transient unreachable");
    expect(performance.now() - begun).toBeLessThan(3_000);
    expect(silent.received()).not.toContain(SECRET);
  });

  it.each<[string, (socket: { destroy: () => void; end: (text: string) => void }) => void]>([
    ["ends in the handshake", (socket) => socket.destroy()],
    ["speaks no TLS", (socket) => socket.end(OK)],
  ])("a server that %s", async (_, answer) => {
    const server = await rawServer({ answer });
    expect(await failureOf(outside(to(server.port, "https"), spend))).toBe("transient unreachable");
    expect(server.received()).not.toContain(SECRET);
  });

  it.each([
    ["S-99 of nobody known", selfSigned("localhost")],
    ["of another host", selfSigned("other.example")],
  ])("a certificate %s", async (_, pair) => {
    let heard = 0;
    const port = await listening(createTls(pair, (socket) => socket.on("data", () => (heard += 1)).on("error", () => undefined)));
    expect(await failureOf(outside(to(port, "https"), spend))).toBe("transient unreachable");
    expect(heard).toBe(0);
  });

  it("S-99 unchecked certificates are refused though the process says otherwise", async () => {
    const port = await listening(createHttps(selfSigned("localhost"), (_request, response) => response.end("ok")));
    const before = process.env.NODE_TLS_REJECT_UNAUTHORIZED;
    const warn = process.emitWarning;
    process.emitWarning = () => undefined;
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = "0";
    try {
      expect(await failureOf(outside(to(port, "https"), spend))).toBe("transient unreachable");
    } finally {
      if (before === undefined) delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
      else process.env.NODE_TLS_REJECT_UNAUTHORIZED = before;
      process.emitWarning = warn;
    }
  });

  it("a call that was given up before it began", async () => {
    const server = await rawServer({ answer: (socket) => socket.end(OK) });
    expect(await failureOf(outside(to(server.port), { ...spend, signal: AbortSignal.abort() }))).toBe("transient unreachable");
    expect(server.connections()).toBe(0);
  });
});

describe("bytes left and no whole answer came: doubt", () => {
  const answers: [string, string | null][] = [
    ["nothing", null],
    ["half a status line", "HTTP/1.1 20"],
    ["headers without an end", "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n"],
    ["a body shorter than its length", "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nshort"],
    ["chunks without the last", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n"],
    ["no HTTP", `220 ${SECRET} ready\r\n\r\n`],
    ["two lengths", "HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\nok"],
    ["a gzip that is none", `HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 16\r\n\r\n${SECRET}`],
    ["an upgrade", "HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n"],
    ["a status that is none", "HTTP/1.1 999 What\r\ncontent-length: 2\r\n\r\nok"],
  ];
  it.each(answers)("the server answers %s and ends", async (_, answer) => {
    const server = await rawServer({ answer: (socket) => (answer === null ? socket.destroy() : socket.end(answer)) });
    expect(await failureOf(outside(to(server.port), spend))).toBe("doubt no_whole_answer");
    expect(server.connections()).toBe(1);
  });

  it.each(answers.slice(0, 5))("the server answers %s and resets", async (_, answer) => {
    const server = await rawServer({
      answer: (socket) => {
        if (answer) socket.write(answer);
        setTimeout(() => socket.resetAndDestroy(), 30);
      },
    });
    expect(await failureOf(outside(to(server.port), spend))).toBe("doubt no_whole_answer");
    expect(server.connections()).toBe(1);
  });

  // The kernel may tell of the reset before or after we wrote: undici's own channel says which it was.
  it.each<[string, (socket: Socket) => void]>([
    ["resets", (socket) => socket.resetAndDestroy()],
    ["closes", (socket) => socket.destroy()],
    ["resets a moment later", (socket) => void setImmediate(() => socket.resetAndDestroy())],
    ["resets after some time", (socket) => void setTimeout(() => socket.resetAndDestroy(), 3)],
  ])("unless nothing was written, where the server %s at the door", async (_, accept) => {
    const server = await rawServer({ accept });
    for (let round = 0; round < 15; round += 1) {
      const before = { connections: server.connections(), written };
      const told = await failureOf(outside(to(server.port), spend));
      expect(told).toBe(written > before.written ? "doubt no_whole_answer" : "transient unreachable");
      // Nothing is tried twice behind our back.
      expect(written - before.written).toBeLessThanOrEqual(1);
      expect(server.connections() - before.connections).toBeLessThanOrEqual(1);
    }
  });

  it("is what a handshake leaves that the server turns down after we wrote", async () => {
    const other = selfSigned("elsewhere");
    const server = createHttps(
      { ...known, requestCert: true, rejectUnauthorized: true, ca: other.cert, minVersion: "TLSv1.3" },
      () => undefined,
    );
    server.on("tlsClientError", () => undefined);
    expect(await failureOf(outside(to(await listening(server), "https"), spend))).toBe("doubt no_whole_answer");
  });

  it.each<[string, string, string]>([
    ["S-95 no headers", "", ""],
    ["S-95 headers a byte at a time", "HTTP/1.1 200 OK\r\nx-long: ", "a"],
    ["S-95 a body a byte at a time", "HTTP/1.1 200 OK\r\n\r\n", "a"],
    ["S-95 interim answers for ever", "", "HTTP/1.1 102 Processing\r\n\r\n"],
  ])("%s, until the whole call's limit", async (_, first, drip) => {
    let gone = false;
    const server = await rawServer({
      answer: (socket) => {
        if (first) socket.write(first);
        const timer = setInterval(() => drip && socket.writable && socket.write(drip), 20);
        socket.on("close", () => {
          gone = true;
          clearInterval(timer);
        });
      },
    });
    const begun = performance.now();
    expect(await failureOf(outside(to(server.port), spend))).toBe("doubt no_whole_answer");
    const took = performance.now() - begun;
    expect(took).toBeGreaterThan(600);
    expect(took).toBeLessThan(2_500);
    await expect.poll(() => gone).toBe(true);
  });

  it("S-95 the limit holds beside the caller's own signal, though memory is swept meanwhile", async () => {
    setFlagsFromString("--expose-gc");
    const sweep = runInNewContext("gc") as () => void;
    const server = await rawServer({ answer: (socket) => void socket.write("HTTP/1.1 200 OK\r\n\r\na") });
    const call = failureOf(outside(to(server.port), { ...spend, signal: AbortSignal.timeout(60_000) }));
    const timer = setInterval(sweep, 100);
    expect(await call).toBe("doubt no_whole_answer");
    clearInterval(timer);
  }, 3_000);

  it("a call that was given up after it was written, with the caller's own signal", async () => {
    const server = await rawServer({});
    const begun = performance.now();
    expect(await failureOf(outside(to(server.port), { ...spend, signal: AbortSignal.timeout(150) }))).toBe("doubt no_whole_answer");
    expect(performance.now() - begun).toBeLessThan(600);
  });
});

describe("one call, one connection", () => {
  it.each(["http", "https"])("%s: none is kept, and HTTP/2 is not spoken", async (scheme) => {
    const seen: string[] = [];
    const sockets = new Set<unknown>();
    const server =
      scheme === "https"
        ? createSecureServer({ ...known, allowHTTP1: true }, (request, response) => {
            seen.push(`${request.httpVersion} ${request.headers.connection}`);
            response.end("ok");
          })
        : (await import("node:http")).createServer((request, response) => {
            seen.push(`${request.httpVersion} ${request.headers.connection}`);
            response.end("ok");
          });
    server.on(scheme === "https" ? "secureConnection" : "connection", (socket) => sockets.add(socket));
    const port = await listening(server);
    for (let round = 0; round < 3; round += 1) expect(await (await outside(to(port, scheme), spend)).text()).toBe("ok");
    expect(seen).toEqual(["1.1 close", "1.1 close", "1.1 close"]);
    expect(sockets.size).toBe(3);
  });

  it("calls at the same time know each what became of itself", async () => {
    const good = await rawServer({ answer: (socket) => socket.end(OK) });
    const dead = await rawServer({ answer: (socket) => setTimeout(() => socket.resetAndDestroy(), Math.random() * 30) });
    const closed = await closedPort();
    const outcome = (call: Promise<Response>) =>
      call.then(
        (answer) => String(answer.status),
        () => failureOf(call),
      );
    const calls = Array.from({ length: 60 }, (_, at) => outcome(outside(to([good.port, dead.port, closed][at % 3] ?? 0), spend)));
    const outcomes = await Promise.all(calls);
    const wanted = ["200", "doubt no_whole_answer", "transient unreachable"];
    expect(outcomes).toEqual(outcomes.map((_, at) => wanted[at % 3]));
  });

  it("calls to one host at the same time, some of them given up before they were sent", async () => {
    const lookup = (_host: string, _how: unknown, done: (error: null, addresses: { address: string; family: number }[]) => void) =>
      void setTimeout(() => done(null, [{ address: "127.0.0.1", family: 4 }]), 120);
    const late = makeFetch({ allowLoopback: true, lookup });
    const server = await rawServer({ answer: (socket) => socket.end(OK) });
    const calls = Array.from({ length: 20 }, (_, at) => {
      const call = late(to(server.port), at % 2 ? { ...spend, signal: AbortSignal.timeout(20) } : spend);
      return call.then(
        (answer) => String(answer.status),
        () => failureOf(call),
      );
    });
    expect(await Promise.all(calls)).toEqual(calls.map((_, at) => (at % 2 ? "transient unreachable" : "200")));
    expect(server.received().split(SECRET)).toHaveLength(21);
  });
});
