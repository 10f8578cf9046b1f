import { database, transaction } from "@/db/client";
import { type Anchor, type Head, lockHead, readHead } from "@/db/event-chain";
import { insertEvent } from "@/db/events";
import { readClock } from "@/db/read-clock";
import { command } from "@/lib/auth/actor";
import { beginChain } from "./begin-chain";
import { atOneMoment } from "./check-chain";
import { dropKeptHead, headOf, headText, keptHeads } from "./kept-head";
import { sealWaiting } from "./seal-waiting";
import { unsealedEvents } from "./troubles";
import { type Fault, type Verdict, verifyChain } from "./verify-chain";
import type { Wrong } from "./what-is-wrong";

/** What a terminal is told; not `ok`: it ends with 1. */
type Said = { ok: boolean; says: string };

const USAGE = `npm run audit -- verify                        reads the audit's chain from its beginning
npm run audit -- verify --head <seq>:<hash>    and proves that this head, which was kept elsewhere, is in it
npm run audit -- head                          where the chain ends now: keep it elsewhere
npm run audit -- anchor --reason "<why>"       begins a new chain after what is there, once you know why the old one does not hold`;

const auditor = { ...command, name: "npm run audit" };

const wrongs: Record<Wrong, string> = {
  missing: "this place is gone",
  deleted: "its event was deleted",
  inserted: "it was put in and never sealed",
  swapped: "another place's event stands there",
  edited: "it was edited",
  truncated: "this and what followed is gone",
  replaced: "it is another history than the one that the kept head is of",
  beginning: "where the chain begins is not what was made there",
  other_key: "the chain was begun with another LATCHKEY_AUDIT_KEY",
};

export async function auditCommand([verb, ...rest]: readonly string[]): Promise<Said> {
  const given = (name: string) => (rest[0] === name && rest.length === 2 ? rest[1] : undefined);
  if (verb === "verify" && rest.length === 0) return verify([]);
  const head = headOf(given("--head") ?? "");
  if (verb === "verify" && head) return verify([head]);
  if (verb === "head" && rest.length === 0) return showHead();
  const reason = given("--reason")?.trim();
  if (verb === "anchor" && reason) return anchor(reason.slice(0, 200));
  return { ok: false, says: USAGE };
}

/** A head that was given, and the one in our own folder, must both be in the chain. */
async function verify(given: Head[]): Promise<Said> {
  const verdict = await atOneMoment((tx) => verifyChain(tx, { kept: [...given, ...keptHeads()] }));
  const late = await unsealedEvents();
  const waits = late > 0 ? [`${late} events have waited for their place for more than 10 seconds.`] : [];
  return { ok: verdict.fault === null && late === 0, says: [...about(verdict), ...waits].join("\n") };
}

function about({ fault, anchor: begun, head, entries }: Verdict): string[] {
  if (fault) return [`BROKEN at ${faultPlace(fault)}: ${wrongs[fault.wrong]}. Everything before it is as it was sealed.`];
  if (!begun || !head) return ["Nothing was sealed yet."];
  return [`The chain is whole: ${entries} entries, ${begun.seq + 1} to ${head.seq}. Its head: ${headText(head)}`, ...beginning(begun)];
}

const faultPlace = ({ seq, eventId }: Fault) =>
  [seq === null ? "no place" : `place ${seq}`, ...(eventId === null ? [] : [`(event ${eventId})`])].join(" ");

const beginning = ({ seq, madeAt, reason }: Anchor): string[] =>
  seq === 0
    ? []
    : [`It begins after place ${seq}, on ${madeAt.toISOString()} (${JSON.stringify(reason)}): of what is older it proves nothing.`];

async function showHead(): Promise<Said> {
  while (await sealWaiting());
  const [head, at] = [await readHead(database()), await readClock(database())];
  return head ? { ok: true, says: `${headText(head)} ${at.toISOString()}` } : { ok: false, says: "Nothing was sealed yet." };
}

async function anchor(reason: string): Promise<Said> {
  const head = await transaction(async (tx) => {
    await lockHead(tx);
    const begun = await beginChain(tx, reason);
    await insertEvent(tx, { kind: "audit.anchored", actor: auditor, reason, facts: { after: begun.seq } });
    return begun;
  });
  dropKeptHead();
  return { ok: true, says: `A new chain begins after place ${head.seq}. Start the processes of Latchkey anew: they change things again.` };
}
