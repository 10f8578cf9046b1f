import { database } from "@/db/client";
import { type KeyRing, livingRings } from "@/db/key-rings";

/** The other processes that live and seal. */
export async function otherRings(own?: string): Promise<KeyRing[]> {
  return (await livingRings(database())).filter(({ id }) => id !== own);
}

const words = { web: "a web process", worker: "a worker", command: "a command" } as const;

/** `a web process (k1, k2)`, each of them. */
export const namesOf = (rings: readonly KeyRing[]): string =>
  rings.map(({ kind, keyIds }) => `${words[kind]} (${keyIds.join(", ")})`).join(", ");
