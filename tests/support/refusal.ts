import { inspect } from "node:util";
import { expect } from "vitest";
import { DatabaseError } from "@/db/database-error";
import { endSessions } from "./administer";

/** A secret-like value that no error may carry. */
export const CANARY = "CNRY-9f2e71";

/** Expects work to be refused with a DatabaseError in which the canary is nowhere, and returns it. */
export async function refusal(work: PromiseLike<unknown>): Promise<DatabaseError> {
  const error = await Promise.resolve(work).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(DatabaseError);
  const refused = error as DatabaseError;
  const seen = inspect(refused, { depth: 20, showHidden: true });
  expect([refused.message, refused.stack, seen, JSON.stringify(refused), String(refused)].join("\n")).not.toContain(CANARY);
  expect(refused.cause).toBeUndefined();
  return refused;
}

/** Ends the other connections to that database, as a server's restart would. */
export const breakConnections = (url: string) => endSessions(url, new URL(url).pathname.slice(1));
