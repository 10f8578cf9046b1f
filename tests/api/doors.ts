import { Readable } from "node:stream";
import type { ReadableStream as WebStream } from "node:stream/web";
import { afterAll, beforeAll } from "vitest";
import type { Passed, PassedAnswer } from "@/lib/http";
import type { Platforms } from "@/tests/support/journey";

/** What a platform got of a call that was passed on to it. */
export type Arrived = { url: string; method: string; headers: Record<string, string>; body: string | null };

type Answer = (call: Arrived, signal: AbortSignal) => Promise<Response | null> | Response | null;

/**
 * Called at the top of a test file: while it runs, the product's ways out lead to the simulated platforms. `arrived` keeps the calls that were
 * passed on; `answers`, asked first, may answer in a platform's place.
 */
export function useDoors(at: Platforms) {
  const holder = globalThis as { latchkeyFetch?: unknown; latchkeyPass?: unknown };
  const before = { ...holder };
  const arrived: Arrived[] = [];
  const answers: Answer[] = [];

  async function pass(url: string, { method, headers, body, signal }: Passed): Promise<PassedAnswer> {
    const text = body === null ? null : body instanceof Uint8Array ? Buffer.from(body).toString() : await new Response(body).text();
    const call = { url, method, headers, body: text };
    arrived.push(call);
    for (const answer of answers) {
      const given = await answer(call, signal);
      if (given) return passed(given);
    }
    return passed(await at.fetch(url, { method, headers, body: text }));
  }

  beforeAll(() => Object.assign(holder, { latchkeyFetch: at.fetch, latchkeyPass: pass }));
  afterAll(() => Object.assign(holder, { latchkeyFetch: before.latchkeyFetch, latchkeyPass: before.latchkeyPass }));
  return { arrived, answers };
}

const passed = ({ status, headers, body }: Response): PassedAnswer => ({
  status,
  headers,
  body: body ? Readable.fromWeb(body as WebStream) : Readable.from([]),
});
