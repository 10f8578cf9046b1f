import { database, transaction } from "@/db/client";
import { insertEvent } from "@/db/events";
import { readKeyChecks, retireKeyCheck } from "@/db/key-checks";
import { command } from "@/lib/auth/actor";
import { env } from "@/lib/env";
import { keptUnder } from "@/lib/journal/kept-under";
import { neededBy } from "./census";
import { keepRing } from "./keep-ring";
import { namesOf, otherRings } from "./others";
import { number, refused, type Told } from "./told";

/** Lets a key go that nothing needs any more: no value, and no process that might seal with it. */
export async function retireKey(id: string, folder?: string): Promise<Told> {
  const ring = env().LATCHKEY_KEYS;
  const check = (await readKeyChecks(database())).find(({ keyId }) => keyId === id);
  if (!check) return refused(`No key ${id} is known here.`);
  if (ring[0]?.id === id) return refused(`Key ${id} stands first and seals. Promote another one before it goes.`);
  const sealing = (await otherRings()).filter(({ keyIds }) => keyIds[0] === id);
  if (sealing.length > 0) return refused(`Key ${id} is still what ${namesOf(sealing)} seals with. Start it anew with another key first.`);
  const needed = await neededBy(id);
  if (needed > 0)
    return refused(`${number(needed, "value needs", "values need")} key ${id}. Seal them anew before it goes: npm run keys -- reencrypt`);
  const kept = await keptUnder(id);
  if (kept > 0)
    return refused(
      `${number(kept, "answer")} in the journal here ${kept === 1 ? "was" : "were"} sealed with key ${id}. Let a running process carry them on first.`,
    );
  // In this order: a key that is still in the file and retired does no harm, and one that is missing there and not retired stops every start.
  await transaction(async (tx) => {
    if (await retireKeyCheck(tx, id)) await insertEvent(tx, { kind: "encryption_key.retired", actor: command, facts: { key: id } });
  });
  const says = `Key ${id} is retired: nothing needs it any more.`;
  const next = "Keep it apart for as long as a backup from before now may have to be read.";
  if (!ring.some((key) => key.id === id)) return { ok: true, says: `${says}\n${next}` };
  return keepRing(
    ring.filter((key) => key.id !== id),
    says,
    next,
    folder,
  );
}
