import { rm } from "node:fs/promises";
import { join } from "node:path";
import { crossing } from "@/lib/crash-point";
import { log } from "@/lib/log";
import { processId } from "@/lib/process-id";
import { sealEntry } from "./entry";
import { journalFolder } from "./folder";
import { thisOwner } from "./owner";
import { createSlots, type Slots } from "./slots";
import type { Entry, Work } from "./work";

export const EXTENSION = ".journal";
const BEAT_MS = 10_000;

/** `open`: its work is under way; `committed`: to be read back; `left`: its work ended and nobody knows of a commit. */
export type Kept = { id: string; work: Work; state: "open" | "committed" | "left"; slots: { slot: number; sealed: string }[] };

export type Journal = {
  folder: string;
  name: string;
  slots: Slots;
  kept: Map<string, Kept>;
  beating: NodeJS.Timeout;
  confirming: Promise<void> | null;
};

const holder = globalThis as {
  latchkeyJournal?: Promise<Journal | null> | undefined;
  latchkeyJournals?: Set<Journal>;
  latchkeyFiles?: number;
};
holder.latchkeyJournals ??= new Set();
/** The one that is written to, and those given up whose work is not over. */
export const ownJournals: ReadonlySet<Journal> = holder.latchkeyJournals;

/** This process's journal, made where it has none yet. Null: this installation keeps none. Rejects where the disk takes none now. */
export function journal(): Promise<Journal | null> {
  if (!holder.latchkeyJournal) {
    const opening = open();
    holder.latchkeyJournal = opening;
    opening.catch(() => forget(opening));
  }
  return holder.latchkeyJournal;
}

/** What this process's journal is; `full`: it could not be opened, and is tried anew with every look. */
export function journalState(): Promise<"kept" | "off" | "full"> {
  return journal().then(
    (own) => (own ? "kept" : "off"),
    () => "full",
  );
}

function forget(opening: Promise<Journal | null>): void {
  if (holder.latchkeyJournal === opening) holder.latchkeyJournal = undefined;
}

async function open(): Promise<Journal | null> {
  const folder = journalFolder();
  if (folder === null) return null;
  holder.latchkeyFiles = (holder.latchkeyFiles ?? 0) + 1;
  // Once more in the life of a process only where the disk failed it, or where it was taken for dead.
  const name = `${processId()}-${holder.latchkeyFiles}`;
  const path = join(folder, `${name}${EXTENSION}`);
  const slots = await createSlots(path, thisOwner()).catch(async (error: unknown) => {
    await rm(path, { force: true }).catch(() => undefined);
    throw error;
  });
  const beating = setInterval(() => void beat(), BEAT_MS).unref();
  const made: Journal = { folder, name, slots, kept: new Map(), beating, confirming: null };
  holder.latchkeyJournals?.add(made);
  return made;
}

/** A process that was stopped for a minute was taken for dead, and its file was gone through and removed: it goes on with another. */
async function beat(): Promise<void> {
  const current = holder.latchkeyJournal;
  const own = await current?.catch(() => null);
  if (!current || !own || (await own.slots.beat().catch(() => false))) return;
  await giveUp(own);
}

/** The disk takes nothing more for this file, or the file is gone: what it holds is still known here, and the next call opens another. */
export async function giveUp(own: Journal): Promise<void> {
  if ((await holder.latchkeyJournal?.catch(() => null)) !== own) return;
  holder.latchkeyJournal = undefined;
  clearInterval(own.beating);
  log.warn("journal_given_up", { journal: own.name, entries: own.kept.size });
}

/** On the disk when it resolves. What cannot be written is not lost for that: whoever called goes on with the answer in hand. */
export async function append(own: Journal, kept: Kept, slot: number, entry: Entry): Promise<void> {
  const sealed = sealEntry(entry, own.name, slot);
  kept.slots.push({ slot, sealed });
  try {
    if (!(await crossing("journal.write", () => own.slots.write(slot, sealed)))) log.warn("journal_answer_too_long", { journal: own.name });
  } catch (error) {
    log.error("journal_not_written", error, { journal: own.name });
    await giveUp(own);
  }
}

export async function drop(own: Journal, kept: Kept): Promise<void> {
  own.kept.delete(kept.id);
  for (const { slot } of kept.slots)
    await crossing("journal.drop", () => own.slots.free(slot)).catch((error: unknown) => log.error("journal_not_emptied", error));
}

/** Takes a file away in which nothing is left, and closes it; what is left is for whoever comes next. */
export async function close(own: Journal): Promise<void> {
  clearInterval(own.beating);
  holder.latchkeyJournals?.delete(own);
  await own.confirming;
  await own.slots.close();
  if (own.kept.size === 0) await rm(join(own.folder, `${own.name}${EXTENSION}`), { force: true });
}

/** Those given up whose work is over by now. */
export async function closeGivenUp(): Promise<void> {
  const current = await holder.latchkeyJournal?.catch(() => null);
  for (const own of ownJournals) if (own !== current && own.kept.size === 0) await close(own);
}

export async function closeJournals(): Promise<void> {
  await holder.latchkeyJournal?.catch(() => null);
  holder.latchkeyJournal = undefined;
  for (const own of ownJournals) await close(own);
}
