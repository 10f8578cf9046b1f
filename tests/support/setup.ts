import { format } from "node:util";
import { afterEach, beforeEach, expect, vi } from "vitest";
import { keepOutput } from "@/tests/leaks/run-folder";

// Files that share a process do not share a database: a test that is about the journal names a folder of its own.
process.env.LATCHKEY_JOURNAL ??= "off";

const holder = globalThis as { latchkeyWrapped?: WeakSet<object> };
holder.latchkeyWrapped ??= new WeakSet();
const wrapped = holder.latchkeyWrapped;

/** Files that share a process come here one after the other: what is wrapped already stays as it is. */
function isNew(one: object): boolean {
  if (wrapped.has(one)) return false;
  wrapped.add(one);
  return true;
}

// Vitest shows a console only where a test fails; what was written to it is searched for secrets all the same.
const kept = `vitest-${process.pid}`;
for (const name of isNew(console) ? (["log", "info", "debug", "warn", "error"] as const) : []) {
  const say = console[name].bind(console);
  console[name] = (...values: unknown[]) => {
    keepOutput(kept, `${format(...values)}\n`);
    say(...values);
  };
}

/** An unexpected console.error or console.warn fails the test that caused it. */
const spies = { error: vi.spyOn(console, "error"), warn: vi.spyOn(console, "warn") };

beforeEach(() => {
  spies.error.mockClear();
  spies.warn.mockClear();
});

afterEach(() => {
  expect(spies.error.mock.calls).toEqual([]);
  expect(spies.warn.mock.calls).toEqual([]);
});

// The product's own log lines and printed mails would bury the results; a test that is about them watches `process.stdout.write` itself.
const isLogLine = (chunk: unknown) => typeof chunk === "string" && /^(\{"at":"|Mail for )/.test(chunk);
for (const stream of [process.stdout, process.stderr].filter(isNew)) {
  const write = stream.write.bind(stream);
  stream.write = ((chunk: string | Uint8Array, ...rest: []) => {
    keepOutput(kept, Buffer.from(chunk as string).toString());
    return isLogLine(chunk) || write(chunk, ...rest);
  }) as typeof stream.write;
}
