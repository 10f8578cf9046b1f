import { database } from "@/db/client";
import { addSealings, endRing, type KeyRing, tellRing } from "@/db/key-rings";
import { newId } from "@/db/new-id";
import { env } from "@/lib/env";
import { log } from "@/lib/log";
import { noteSealing, takeSealings } from "@/lib/sealings";

const EVERY_MS = 5_000;

// Next bundles this module several times, and a process has one ring.
const holder = globalThis as { latchkeyRing?: { id: string; timer: NodeJS.Timeout; telling: Promise<void> | null } };

/** Writes how often each key has sealed since the last time. What cannot be written is written the next time. */
export async function flushSealings(): Promise<void> {
  const sealings = takeSealings();
  if (sealings.length === 0) return;
  try {
    await addSealings(database(), sealings);
  } catch (error) {
    for (const { keyId, n } of sealings) noteSealing(keyId, n);
    log.error("sealings_not_written", error);
  }
}

async function tell(ring: KeyRing): Promise<void> {
  try {
    await tellRing(database(), ring);
  } catch (error) {
    log.error("key_ring_not_told", error);
  }
  await flushSealings();
}

/** From now on, until the process ends: who rotates keys sees whether every process has come as far as it must. Returns the ring's id. */
export async function startTelling(kind: KeyRing["kind"]): Promise<string> {
  if (holder.latchkeyRing) return holder.latchkeyRing.id;
  const ring = { id: newId("ring"), kind, keyIds: env().LATCHKEY_KEYS.map(({ id }) => id) };
  const told = () => {
    const state = holder.latchkeyRing;
    if (!state || state.telling) return;
    state.telling = tell(ring).finally(() => {
      state.telling = null;
    });
  };
  holder.latchkeyRing = { id: ring.id, timer: setInterval(told, EVERY_MS).unref(), telling: null };
  told();
  await holder.latchkeyRing.telling;
  return ring.id;
}

/** Tells what is left to tell, when nothing is sealed any more, and that this process is gone. */
export async function stopTelling(): Promise<void> {
  const state = holder.latchkeyRing;
  if (!state) return;
  clearInterval(state.timer);
  delete holder.latchkeyRing;
  await state.telling;
  await flushSealings();
  await endRing(database(), state.id).catch(() => undefined);
}
