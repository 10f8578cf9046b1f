import { AsyncLocalStorage } from "node:async_hooks";
import { randomBytes } from "node:crypto";

type Value = string | number | boolean | null | undefined;
type Level = "info" | "warn" | "error";

/** Field names that carry secrets somewhere: a line that uses one is a bug and is written without its value. */
const SECRET =
  /token|secret|pass|cookie|authorization|verifier|private|renewal|credential|assertion|jwt|api_?key|access$|^body$|^code$|^state$|^answer$/i;
/** What JSON leaves as it is and a terminal or a log reader takes for a line's end or a command. */
const CONTROL = /[\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

// Next bundles this module several times, and what server.ts began must go by one reference in all of them.
const holder = globalThis as { latchkeyCorrelation?: AsyncLocalStorage<string> };
holder.latchkeyCorrelation ??= new AsyncLocalStorage<string>();
const correlation = holder.latchkeyCorrelation;

/** Runs `work` so that every line it logs carries the same reference. */
export function withCorrelation<T>(work: () => T, id: string = randomBytes(6).toString("hex")): T {
  return correlation.run(id, work);
}

/** The reference of the current request or job; made up where there is none. */
export function correlationId(): string {
  return correlation.getStore() ?? randomBytes(6).toString("hex");
}

function write(level: Level, event: string, fields: Record<string, Value>): void {
  const safe = Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, SECRET.test(name) ? "[refused]" : value]));
  const head = { at: new Date().toISOString(), level, event, ref: correlation.getStore() };
  const line = JSON.stringify({ ...head, ...safe, ...head });
  process.stdout.write(`${line.replace(CONTROL, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`)}\n`);
}

/** One JSON line each; `event` is a stable snake_case name. */
export const log = {
  info: (event: string, fields: Record<string, Value> = {}) => write("info", event, fields),
  warn: (event: string, fields: Record<string, Value> = {}) => write("warn", event, fields),
  /** `error` is named by class and code only: messages of drivers may carry values. */
  error: (event: string, error: unknown, fields: Record<string, Value> = {}) => write("error", event, { ...describe(error), ...fields }),
};

const CODE = /^[\w.-]{1,64}$/;

function describe(error: unknown): Record<string, Value> {
  if (!(error instanceof Error)) return { error: typeof error };
  const code = "code" in error && CODE.test(String(error.code)) ? String(error.code) : undefined;
  // The stack begins with the message, which may hold lines that look like frames.
  const frames = error.stack?.split("\n").reverse() ?? [];
  const end = frames.findIndex((line) => !line.startsWith("    at "));
  const first = /\n {4}at /.test(error.message) || end < 1 ? undefined : frames[end - 1];
  return { error: CODE.test(error.name) ? error.name : "Error", errorCode: code, where: first?.trim() };
}
