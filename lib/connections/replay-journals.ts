import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { crossing } from "@/lib/crash-point";
import { confirmSoon } from "@/lib/journal/confirm";
import { openEntry } from "@/lib/journal/entry";
import { closeGivenUp, drop, EXTENSION, type Journal, journal, ownJournals } from "@/lib/journal/journal";
import { hasEnded } from "@/lib/journal/owner";
import { emptySlot, readSlots } from "@/lib/journal/slots";
import type { Entry } from "@/lib/journal/work";
import { log } from "@/lib/log";
import { type OpenIo, openIo } from "./open-io";
import { type Replayed, replay } from "./replay";

/** A file that shows no sign of life for so long is nobody's; its owner gives one every ten seconds. */
const SILENT_MS = 60_000;
const OVER: ReadonlySet<Replayed> = new Set(["held", "nothing"]);

/** What each other file looked like, and since when, by this process's own clock: no two machines need agree on the time. */
const seen = new Map<string, { changed: number; sinceMs: number }>();
const told = new Set<string>();

/**
 * Carries on what answers are kept of: this process's own whose work ended without a commit, and those of processes that have ended, at
 * once where that is certain, else when nothing was heard of them for a minute.
 */
export async function replayJournals(open: OpenIo = openIo, silentMs: number = SILENT_MS): Promise<void> {
  const current = await journal();
  if (!current) return;
  for (const own of ownJournals) await carryOn(own, open);
  await closeGivenUp();
  const names = new Set([...ownJournals].map(({ name }) => `${name}${EXTENSION}`));
  const others = (await readdir(current.folder)).filter((file) => file.endsWith(EXTENSION) && !names.has(file));
  for (const file of others) {
    await adoptFile(current.folder, file, open, silentMs).catch((error: unknown) => log.error("journal_not_adopted", error));
  }
}

async function carryOn(own: Journal, open: OpenIo): Promise<void> {
  confirmSoon(own);
  await own.confirming;
  for (const kept of [...own.kept.values()].filter(({ state }) => state === "left")) {
    const entries = kept.slots.map(({ slot, sealed }) => openEntry(sealed, own.name, slot));
    if (OVER.has(await attempted(entries, open))) await drop(own, kept);
  }
}

async function adoptFile(folder: string, file: string, open: OpenIo, silentMs: number): Promise<void> {
  const path = join(folder, file);
  const silent = await isSilent(path, silentMs);
  const { owner, filled } = await readSlots(path);
  if (!silent && !hasEnded(owner)) return;
  const name = file.slice(0, -EXTENSION.length);
  const works = Map.groupBy(
    filled.map(({ slot, text }) => ({ slot, entry: openEntry(text, name, slot) })),
    ({ entry }) => entry.kept,
  );
  let left = 0;
  for (const some of works.values()) {
    const entries = some.map(({ entry }) => entry);
    if (!OVER.has(await attempted(entries, open))) left += 1;
    else for (const { slot } of some) await crossing("replay.empty", () => emptySlot(path, slot));
  }
  if (left > 0) {
    // Another database's, or a platform that is not set up any more: it stays, and one line about it is enough.
    if (!told.has(path)) log.warn("journal_entries_left", { journal: name, entries: left });
    told.add(path);
    return;
  }
  await crossing("replay.remove", () => rm(path, { force: true }));
  seen.delete(path);
  log.info("journal_adopted", { journal: name, entries: works.size });
}

/** One that fails holds up no other. */
async function attempted(entries: readonly Entry[], open: OpenIo): Promise<Replayed> {
  try {
    return await replay(entries, open);
  } catch (error) {
    log.error("answer_not_replayed", error, { kind: entries[0]?.work.kind });
    return "later";
  }
}

async function isSilent(path: string, silentMs: number): Promise<boolean> {
  const { mtimeMs: changed } = await stat(path);
  const before = seen.get(path);
  if (before?.changed !== changed) seen.set(path, { changed, sinceMs: performance.now() });
  return before?.changed === changed ? performance.now() - before.sinceMs >= silentMs : silentMs === 0;
}
