import type { Tx } from "@/db/client";
import { anySealed, type Head, insertSeals, lastAnchor, lastPlace, lockHead, noteHead, takeUnsealed } from "@/db/event-chain";
import { beginChain } from "./begin-chain";
import { type Chain, ourChain } from "./chain";

/** What stands there does not go with where the chain is said to end: whoever went on from there would hide that. */
export class ChainBroken extends Error {
  override readonly name = "ChainBroken";
}

/**
 * Gives the events that were committed until now their places, `limit` of them at the most, one batch after the other over all processes: what
 * is told of in this order is never preceded by something later. Resolves to how many got one. Throws ChainBroken, and gives none.
 */
export async function sealBatch(tx: Tx, limit: number, chain: Chain = ourChain()): Promise<number> {
  let head = await holdHead(tx, chain);
  // A statement of its own: what it sees is newer than the lock.
  const seals = (await takeUnsealed(tx, limit)).map((event) => {
    const seq = head.seq + 1;
    head = { seq, hash: chain.link(head.hash, seq, event) };
    return { ...head, eventId: event.eventId };
  });
  if (seals.length === 0) return 0;
  await insertSeals(tx, seals);
  await noteHead(tx, head);
  return seals.length;
}

async function holdHead(tx: Tx, chain: Chain): Promise<Head> {
  const head = await lockHead(tx);
  const [anchor, last] = [await lastAnchor(tx), await lastPlace(tx)];
  if (anchor === null) {
    if (head !== null || (await anySealed(tx))) throw new ChainBroken("Where the chain begins is gone.");
    return beginChain(tx, "The first", chain);
  }
  if (anchor.keyId !== chain.keyId) throw new ChainBroken("The chain was begun with another key.");
  const stands = head?.seq === anchor.seq ? anchor.hash : last?.hash;
  if (head === null || head.seq !== (last?.seq ?? 0) || head.hash !== stands) throw new ChainBroken("The chain's end is another one.");
  return head;
}
