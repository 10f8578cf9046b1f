import { AsyncLocalStorage } from "node:async_hooks";
import { randomBytes } from "node:crypto";

type Value = string | number | boolean | null | undefined;
type Level = "info" | "warn" | "error";

/** Field names that carry secrets somewhere: a line that uses one is a bug and is written without its value. */
const SECRET = /token|secret|password|cookie|authorization|verifier|private|renewal|access$|^code$|^state$|^answer$/i;

const correlation = new AsyncLocalStorage<string>();

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
  process.stdout.write(`${JSON.stringify({ at: new Date().toISOString(), level, event, ref: correlation.getStore(), ...safe })}\n`);
}

/** One JSON line each; `event` is a stable snake_case name. */
export const log = {
  info: (event: string, fields: Record<string, Value> = {}) => write("info", event, fields),
  warn: (event: string, fields: Record<string, Value> = {}) => write("warn", event, fields),
  /** `error` is named by class and code only: messages of drivers may carry values. */
  error: (event: string, error: unknown, fields: Record<string, Value> = {}) => write("error", event, { ...describe(error), ...fields }),
};

function describe(error: unknown): Record<string, Value> {
  if (!(error instanceof Error)) return { error: typeof error };
  const code = "code" in error && (typeof error.code === "string" || typeof error.code === "number") ? error.code : undefined;
  const frame = error.stack?.split("\n").find((line) => line.startsWith("    at "));
  return { error: error.name, errorCode: code, where: frame?.trim() };
}
