import { randomBytes } from "node:crypto";
import { afterAll, beforeAll } from "vitest";
import { keepSecret } from "@/tests/leaks/run-folder";

const BASE: Record<string, string> = {
  LATCHKEY_URL: "http://localhost:3000",
  LATCHKEY_KEYS: `t1:${keepSecret("master key", randomBytes(32).toString("base64"))}`,
  AUTH_SECRET: keepSecret("auth secret", `CNRY-auth-${randomBytes(33).toString("base64url")}`),
};

const holder = globalThis as { latchkeyEnv?: unknown };

/** Sets variables (undefined takes one away) and makes env() read them anew. */
export function setEnv(values: Record<string, string | undefined>): void {
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
  holder.latchkeyEnv = undefined;
}

/** The environment of a test file, put back as it was afterwards. */
export function useEnv(values: Record<string, string> = {}): void {
  const before = { ...process.env };
  beforeAll(() => setEnv({ ...BASE, ...values }));
  afterAll(() => setEnv({ ...Object.fromEntries(Object.keys({ ...BASE, ...values }).map((name) => [name, undefined])), ...before }));
}
