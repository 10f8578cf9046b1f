import { type Tx, transaction } from "@/db/client";
import type { Head } from "@/db/event-chain";
import { keptHeads } from "./kept-head";
import { type Fault, type Verdict, verifyChain } from "./verify-chain";

/** So many places are read at a start and again and again: everything is what `npm run audit -- verify` is for. */
const LAST = 1_000;

/** Whether the chain ends as it should, and the head that was kept beside the database is in it. Null: it does. */
export async function checkChain(kept: readonly Head[] = keptHeads()): Promise<Fault | null> {
  return (await atOneMoment((tx) => verifyChain(tx, { kept, last: LAST }))).fault;
}

/** What others seal meanwhile is not seen. */
export const atOneMoment = (work: (tx: Tx) => Promise<Verdict>): Promise<Verdict> =>
  transaction(work, { isolationLevel: "repeatable read", accessMode: "read only" });
