import { afterEach, beforeEach, expect, vi } from "vitest";

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

// The product's own log lines would bury the results; a test that is about them watches `process.stdout.write` itself.
const write = process.stdout.write.bind(process.stdout);
const isLogLine = (chunk: unknown) => typeof chunk === "string" && chunk.startsWith('{"at":"');
process.stdout.write = ((chunk: string, ...rest: []) => isLogLine(chunk) || write(chunk, ...rest)) as typeof process.stdout.write;
