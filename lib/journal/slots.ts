import { createHash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import { dirname } from "node:path";
import type { Owner } from "./owner";

/** Holds the longest answer that `lib/http.ts` lets in (64 KiB) with what was sent for it, sealed. */
export const SLOT_BYTES = 262_144;
const HEAD_BYTES = 4_096;
const STEP = 16;
const MAGIC = "latchkey-journal-1";
const HEAD = 128;

const offsetOf = (slot: number) => HEAD_BYTES + slot * SLOT_BYTES;
const headOf = (text: string) => `${MAGIC} ${Buffer.byteLength(text)} ${digestOf(text)}`.padEnd(HEAD - 1).concat("\n");
const digestOf = (text: string) => createHash("sha256").update(text).digest("hex").slice(0, 32);

/** A file of places of one size, all of it written with zeros before it is used: what was given out has its room on the disk. */
export type Slots = {
  /** A free place, written to already: throws where the disk has no room or takes nothing. */
  take: () => Promise<number>;
  /** On the disk when it resolves. False: longer than a place. */
  write: (slot: number, text: string) => Promise<boolean>;
  /** Nothing of what it held stays on the disk. */
  free: (slot: number) => Promise<void>;
  /** A sign of life, for whoever looks at the file's time of change; false: the file is gone from its folder. */
  beat: () => Promise<boolean>;
  close: () => Promise<void>;
};

export async function createSlots(path: string, owner: Owner): Promise<Slots> {
  const file = await open(path, "wx+", 0o600);
  try {
    await file.write(
      JSON.stringify(owner)
        .padEnd(HEAD_BYTES - 1)
        .concat("\n"),
      0,
    );
    return await slotsOf(file, path);
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function slotsOf(file: FileHandle, path: string): Promise<Slots> {
  const free: number[] = [];
  const used = new Map<number, number>();
  let [made, beats] = [0, 0];
  let growing: Promise<void> | null = null;
  let [running, waiting]: (Promise<void> | null)[] = [null, null];

  async function grow(): Promise<void> {
    // A hole in the file would be no room: the zeros are written.
    const zeros = Buffer.alloc(SLOT_BYTES);
    for (let slot = made; slot < made + STEP; slot += 1) await file.write(zeros, 0, SLOT_BYTES, offsetOf(slot));
    await file.sync();
    free.push(...Array.from({ length: STEP }, (_, index) => made + STEP - 1 - index));
    made += STEP;
  }

  /** Whoever writes while one flush runs waits for the next, together with all the others. */
  function flushed(): Promise<void> {
    waiting ??= (running ?? Promise.resolve())
      .catch(() => undefined)
      .then(() => {
        running = waiting;
        waiting = null;
        return file.datasync();
      });
    return waiting;
  }

  await grow();
  const folder = await open(dirname(path), "r");
  await folder.sync().finally(() => folder.close());

  return {
    take: async () => {
      while (free.length === 0) {
        growing ??= grow().finally(() => {
          growing = null;
        });
        await growing;
      }
      const slot = free.pop() as number;
      try {
        await file.write(headOf(""), offsetOf(slot));
      } catch (error) {
        free.push(slot);
        throw error;
      }
      return slot;
    },
    write: async (slot, text) => {
      const bytes = Buffer.from(headOf(text) + text);
      if (bytes.length > SLOT_BYTES) return false;
      used.set(slot, bytes.length);
      await file.write(bytes, 0, bytes.length, offsetOf(slot));
      await flushed();
      return true;
    },
    free: async (slot) => {
      // Not flushed: an entry that comes back is found to be held already.
      const length = used.get(slot) ?? HEAD;
      await file.write(Buffer.alloc(length), 0, length, offsetOf(slot));
      used.delete(slot);
      free.push(slot);
    },
    beat: async () => {
      beats += 1;
      await file.write(`${beats}`.padEnd(20), HEAD_BYTES - 32);
      return (await file.stat()).nlink > 0;
    },
    close: () => file.close(),
  };
}

/** What an ended process left in its file. A place that was given out and never written whole holds nothing. */
export async function readSlots(path: string): Promise<{ owner: Owner; filled: { slot: number; text: string }[] }> {
  const file = await open(path, "r");
  try {
    const { size } = await file.stat();
    const head = await readAt(file, 0, HEAD_BYTES);
    const filled: { slot: number; text: string }[] = [];
    for (let slot = 0; offsetOf(slot) + HEAD <= size; slot += 1) {
      const [magic, length = "0", digest] = (await readAt(file, offsetOf(slot), HEAD)).toString("latin1").trim().split(" ");
      if (magic !== MAGIC || !(Number(length) > 0) || Number(length) > SLOT_BYTES) continue;
      const text = (await readAt(file, offsetOf(slot) + HEAD, Number(length))).toString("utf8");
      if (digestOf(text) === digest) filled.push({ slot, text });
    }
    return { owner: ownerIn(head), filled };
  } finally {
    await file.close();
  }
}

async function readAt(file: FileHandle, offset: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  const { bytesRead } = await file.read(bytes, 0, length, offset);
  return bytes.subarray(0, bytesRead);
}

export async function emptySlot(path: string, slot: number): Promise<void> {
  const file = await open(path, "r+");
  await file.write(Buffer.alloc(SLOT_BYTES), 0, SLOT_BYTES, offsetOf(slot)).finally(() => file.close());
}

/** Null also for a file whose making was cut off. */
function ownerIn(head: Buffer): Owner {
  try {
    return JSON.parse(
      head
        .subarray(0, HEAD_BYTES - 32)
        .toString("utf8")
        .replace(/\0/g, "")
        .trim(),
    ) as Owner;
  } catch {
    return null;
  }
}
