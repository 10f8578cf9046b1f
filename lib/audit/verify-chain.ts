import type { Executor } from "@/db/client";
import { type Anchor, anySealed, findPlaceless, type Head, lastAnchor, type Place, placeAt, placesAfter, readHead } from "@/db/event-chain";
import { type Chain, ourChain } from "./chain";
import { type Wrong, whatIsWrong } from "./what-is-wrong";

const PAGE = 5_000;

/** `seq`: the first place that is not as it was sealed; null: what is wrong has no place. */
export type Fault = { wrong: Wrong; seq: number | null; eventId: number | null };
/** `head`: the last place that is proved; `anchor`: after which place the chain begins. Null: there is no chain yet. */
export type Verdict = { fault: Fault | null; anchor: Anchor | null; head: Head | null; entries: number };

type Options = {
  /** Heads that were kept somewhere else: each must be in the chain. */
  kept?: readonly Head[];
  /** Only the last so many places; events without a place are not looked for either. */
  last?: number | null;
};

/** Reads the chain from its beginning and finds the first place at which it is not what was sealed. For one moment: takes a snapshot's tx. */
export async function verifyChain(db: Executor, { kept = [], last = null }: Options = {}, chain: Chain = ourChain()): Promise<Verdict> {
  const [anchor, noted] = [await lastAnchor(db), await readHead(db)];
  const none = (fault: Fault | null): Verdict => ({ fault, anchor, head: null, entries: 0 });
  if (anchor === null) {
    const gone = noted !== null || kept.length > 0 || (await anySealed(db));
    return none(gone ? { wrong: "beginning", seq: 1, eventId: null } : null);
  }
  if (anchor.keyId !== chain.keyId) return none({ wrong: "other_key", seq: anchor.seq + 1, eventId: null });
  if (anchor.hash !== chain.anchor(anchor)) return none({ wrong: "beginning", seq: anchor.seq + 1, eventId: null });
  const start = await startOf(db, anchor, last === null || noted === null ? anchor.seq : noted.seq - last);
  const walked = await walk(db, start, kept, chain);
  const { head, entries } = walked;
  let fault = walked.fault ?? wrongEnd(head, noted);
  for (const one of kept) fault ??= await wrongKept(db, anchor, head, one);
  if (last === null) fault ??= await placeless(db);
  return { fault, anchor, head, entries };
}

async function startOf(db: Executor, anchor: Anchor, seq: number): Promise<Head> {
  const place = seq > anchor.seq ? await placeAt(db, seq) : null;
  return place?.hash ? { seq, hash: place.hash } : anchor;
}

async function walk(db: Executor, start: Head, kept: readonly Head[], chain: Chain): Promise<Omit<Verdict, "anchor"> & { head: Head }> {
  let head: Head = { seq: start.seq, hash: start.hash };
  for (let page: Place[] = []; ; ) {
    page = await placesAfter(db, head.seq, PAGE);
    for (const place of page) {
      const wrong = await whatIsWrong(db, head, place, chain);
      const fault = wrong && { wrong, seq: head.seq + 1, eventId: place.eventId };
      if (fault) return { fault, head, entries: head.seq - start.seq };
      if (kept.some(({ seq, hash }) => seq === place.seq && hash !== place.hash))
        return { fault: { wrong: "replaced", seq: place.seq, eventId: place.eventId }, head, entries: head.seq - start.seq };
      head = { seq: place.seq, hash: place.hash ?? "" };
    }
    if (page.length < PAGE) return { fault: null, head, entries: head.seq - start.seq };
  }
}

/** The chain ends where it was noted to end. */
function wrongEnd(head: Head, noted: Head | null): Fault | null {
  if (noted && noted.seq === head.seq && noted.hash === head.hash) return null;
  if (noted && noted.seq < head.seq) return { wrong: "inserted", seq: noted.seq + 1, eventId: null };
  return { wrong: "truncated", seq: head.seq + 1, eventId: null };
}

async function wrongKept(db: Executor, anchor: Anchor, head: Head, kept: Head): Promise<Fault | null> {
  if (kept.seq > head.seq) return { wrong: "truncated", seq: head.seq + 1, eventId: null };
  if (kept.seq > anchor.seq || kept.hash === anchor.hash) return null;
  // It was kept of an earlier chain, which is proved no more: but there it must stand.
  const place = kept.seq === 0 ? null : await placeAt(db, kept.seq);
  return kept.seq === 0 || place?.hash === kept.hash ? null : { wrong: "replaced", seq: kept.seq, eventId: place?.eventId ?? null };
}

async function placeless(db: Executor): Promise<Fault | null> {
  for (let id = 0; ; ) {
    const { firstId, lookedTo } = await findPlaceless(db, id, 4 * PAGE);
    if (firstId !== null) return { wrong: "inserted", seq: null, eventId: firstId };
    if (lookedTo === null) return null;
    id = lookedTo;
  }
}
