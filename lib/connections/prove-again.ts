import { database } from "@/db/client";
import { claimProof, scheduleProof } from "@/db/proofs";
import { worker } from "@/lib/auth/actor";
import { type OpenIo, openIo } from "./open-io";
import { type TestResult, testConnection } from "./test-connection";

/**
 * Asks the platform whether a connection that is due for it still stands, as a person's test does: what is refused is renewed where that
 * is possible, else its owner is needed. Null: somebody else was first.
 */
export async function proveAgain(id: string, open: OpenIo = openIo): Promise<TestResult | null> {
  if (!(await claimProof(database(), id))) return null;
  const tested = await testConnection(worker, id, open);
  if (tested.kind === "not_now") await scheduleProof(database(), id, tested.retryAfterS * (1 + Math.random()));
  return tested;
}
