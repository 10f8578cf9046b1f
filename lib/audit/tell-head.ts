import { database } from "@/db/client";
import { type Head, lastAnchor, placeAt, readHead, takeTelling } from "@/db/event-chain";
import { log } from "@/lib/log";
import { keepHead, keptHead } from "./kept-head";

const HOUR_S = 3_600;

/** Says where the chain ends, where neither the database nor whoever can write to it has a hand: in the log once an hour, and in our own folder. */
export async function tellHead(everyS = HOUR_S): Promise<void> {
  const told = await takeTelling(database(), everyS);
  if (told) log.info("audit_head", { seq: told.seq, hash: told.hash });
  const head = told ?? (await readHead(database()));
  const kept = keptHead();
  // One that is in the chain no more is what shows that: it stays.
  if (head && (kept === null || (kept.seq < head.seq && (await stands(kept))))) keepHead(head);
}

async function stands({ seq, hash }: Head): Promise<boolean> {
  const [place, anchor] = [await placeAt(database(), seq), await lastAnchor(database())];
  return place?.hash === hash || (anchor?.seq === seq && anchor.hash === hash);
}
