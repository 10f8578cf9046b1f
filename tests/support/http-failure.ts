import { inspect } from "node:util";
import { expect } from "vitest";
import { ProviderError } from "@/lib/providers/provider-error";

/** Stands in addresses and bodies that no error may repeat. */
export const SECRET = "CNRY-of-the-call";

/** The consequence and code of a call that failed, which repeat nothing of the call. */
export async function failureOf(call: Promise<unknown>): Promise<string> {
  const error = await call.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ProviderError)) throw new Error(`No ProviderError but ${String(error)}`);
  expect(inspect(error, { depth: 10, showHidden: true })).not.toContain(SECRET);
  return `${error.trouble} ${error.code}`;
}
