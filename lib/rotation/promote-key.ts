import { database } from "@/db/client";
import { readKeyChecks } from "@/db/key-checks";
import { env } from "@/lib/env";
import { keepRing } from "./keep-ring";
import { namesOf, otherRings } from "./others";
import { refused, type Told } from "./told";

/** Lets a key seal. Not before every process that lives can open what it seals. */
export async function promoteKey(id: string, folder?: string): Promise<Told> {
  const ring = env().LATCHKEY_KEYS;
  const key = ring.find((one) => one.id === id);
  if (!key)
    return refused(`Key ${id} is not among the keys here (${ring.map((one) => one.id).join(", ")}). Set it where this command runs.`);
  const check = (await readKeyChecks(database())).find(({ keyId }) => keyId === id);
  if (check?.stage === "retired") return refused(`Key ${id} was retired. Make another one: npm run keys -- add`);
  const rings = await otherRings();
  const without = rings.filter(({ keyIds }) => !keyIds.includes(id));
  if (without.length > 0)
    return refused(`What key ${id} seals could not be opened by ${namesOf(without)}. Start it anew with key ${id} behind its own first.`);
  const next = "When every process has it first: npm run keys -- reencrypt";
  if (ring[0]?.id !== id) return keepRing([key, ...ring.filter((one) => one.id !== id)], `Key ${id} is to seal.`, next, folder);
  const behind = rings.filter(({ keyIds }) => keyIds[0] !== id);
  if (behind.length > 0) return refused(`Key ${id} stands first here, and not yet at ${namesOf(behind)}. Start it anew.`);
  return { ok: true, says: `Key ${id} seals, in every process that runs. Next: npm run keys -- reencrypt` };
}
