import { randomBytes } from "node:crypto";
import { afterAll, beforeAll } from "vitest";

const BASE: Record<string, string> = {
  LATCHKEY_URL: "http://localhost:3000",
  LATCHKEY_KEYS: `t1:${randomBytes(32).toString("base64")}`,
  AUTH_SECRET: "CNRY-auth-secret-of-the-tests-0123456789",
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
