import type { Tx } from "@/db/client";
import { type Head, insertAnchor, lastPlace, noteHead } from "@/db/event-chain";
import { readClock } from "@/db/read-clock";
import { type Chain, ourChain } from "./chain";

/** Begins a chain after the last place, whatever stands there and before it: for whoever holds the head. */
export async function beginChain(tx: Tx, reason: string, chain: Chain = ourChain()): Promise<Head> {
  const about = { seq: (await lastPlace(tx))?.seq ?? 0, madeAt: await readClock(tx), reason };
  const head = { seq: about.seq, hash: chain.anchor(about) };
  await insertAnchor(tx, { ...about, ...head, keyId: chain.keyId });
  await noteHead(tx, head);
  return head;
}
