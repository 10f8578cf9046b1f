import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { deadline } from "@/lib/deadline";
import { makeFetch } from "@/lib/http";

/** A platform that goes on while this thread stands still. */
const PLATFORM = `
  const { createServer } = require("node:http");
  const { parentPort } = require("node:worker_threads");
  const server = createServer((request, response) => {
    parentPort.postMessage("asked");
    if (request.url === "/never") return;
    setTimeout(() => response.end(JSON.stringify({ token: "CNRY-rotated".padEnd(20_000, ".") })), 60);
  });
  server.listen(0, "127.0.0.1", () => parentPort.postMessage(server.address().port));`;

const standStill = (ms: number) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

describe("a call whose process stands still past its deadline", () => {
  let platform: Worker;
  let origin: string;
  const fetch = makeFetch({ allowLoopback: true, wholeTimeoutMs: 250 });

  beforeEach(async () => {
    platform = new Worker(PLATFORM, { eval: true });
    origin = `http://127.0.0.1:${(await once(platform, "message"))[0]}`;
  });
  afterEach(() => platform.terminate());

  it("R-05/R-18: what came meanwhile is read, also past the deadline of the caller: a token that was rotated is not dropped", async () => {
    const answer = fetch(`${origin}/token`, { method: "POST", signal: deadline(200) });
    await once(platform, "message");
    standStill(700);
    expect((await (await answer).json()).token).toMatch(/^CNRY-rotated/);
  });

  it("R-18: where nothing came it is in doubt, after its deadline and soon", async () => {
    const begun = performance.now();
    const answer = fetch(`${origin}/never`, { method: "POST" });
    await expect(answer).rejects.toMatchObject({ trouble: "doubt", code: "no_whole_answer" });
    expect(performance.now() - begun).toBeGreaterThanOrEqual(249);
  });
});
