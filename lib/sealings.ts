import type { Sealings } from "@/db/key-rings";

/** The alarm: with random IVs of 96 bits a key of AES-GCM is good for 2^32 values (NIST SP 800-38D 8.3). */
export const MOST_SEALINGS = 2 ** 31;

// Next bundles this module several times, and what they seal is one process's.
const holder = globalThis as { latchkeySealings?: Map<string, number> };
holder.latchkeySealings ??= new Map();
const counts = holder.latchkeySealings;

/** A key has sealed. Kept here and told every few seconds: sealing stays without a write. */
export function noteSealing(keyId: string, n = 1): void {
  counts.set(keyId, (counts.get(keyId) ?? 0) + n);
}

/** What each key has sealed since the last time. Whoever cannot tell of it notes it again. */
export function takeSealings(): Sealings[] {
  const taken = [...counts].map(([keyId, n]) => ({ keyId, n }));
  counts.clear();
  return taken;
}
