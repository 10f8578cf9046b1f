import { setTimeout as sleep } from "node:timers/promises";
import { database, transaction } from "@/db/client";
import { insertEvent } from "@/db/events";
import { type Resealed, replaceSealed, sealedRows } from "@/db/resealing";
import { beginProgress, endProgress, noteProgress, progressWith, repeatProgress } from "@/db/resealings";
import { rotatedColumns, type SealedColumn } from "@/db/sealed-columns";
import { command } from "@/lib/auth/actor";
import { env } from "@/lib/env";
import { type Place, reseal, VaultError } from "@/lib/vault";
import { census, placeOf } from "./census";
import { namesOf, otherRings } from "./others";
import { number, refused, type Told } from "./told";

export type Pace = { perSecond: number; batch: number; say: (line: string) => void };

const USUAL = { perSecond: 500, say: () => undefined };
const LARGEST = 100;
/** What somebody else was writing is met again; others may go on sealing with another key for as long as they like. */
const MOST_PASSES = 5;

/**
 * Seals every value anew that another key than the first has sealed. It goes on where it was broken off, wherever that was, and takes
 * no more than `perSecond` values a second. `own`: this process's ring.
 */
export async function reencrypt(pace: Partial<Pace> = {}, own?: string): Promise<Told> {
  const { perSecond = USUAL.perSecond, say = USUAL.say } = pace;
  // Ten a second at most, so that few are pulled along in one gulp.
  const steady: Pace = { perSecond, say, batch: pace.batch ?? Math.min(LARGEST, Math.ceil(perSecond / 10)) };
  const keyId = env().LATCHKEY_KEYS[0]?.id ?? "";
  const rings = await otherRings(own);
  const without = rings.filter(({ keyIds }) => !keyIds.includes(keyId));
  if (without.length > 0)
    return refused(`What key ${keyId} seals could not be opened by ${namesOf(without)}. Start it anew with key ${keyId}.`);
  if (rings.length > 0 && rings.every(({ keyIds }) => keyIds[0] !== keyId))
    return refused(
      `Key ${keyId} stands first here and nowhere else: ${namesOf(rings)}. Promote it there, or put their first key first here.`,
    );
  const begun = await begin(keyId);
  if (!begun) say("It had been begun: going on where it was broken off.");
  for (let [pass, whole] = [1, begun]; pass <= MOST_PASSES; [pass, whole] = [pass + 1, true]) {
    if ((await onePass(keyId, steady)) === 0 && whole) break;
    await repeatProgress(database(), keyId);
  }
  const left = (await census()).filter((counted) => counted.keyId !== keyId).reduce((sum, { n }) => sum + n, 0);
  const resealed = await transaction(async (tx) => {
    const done = await endProgress(tx, keyId);
    if (done !== null)
      await insertEvent(tx, { kind: "encryption_key.reencrypted", actor: command, facts: { key: keyId, values: done, left } });
    return done ?? 0;
  });
  const says = `${number(resealed, "value is", "values are")} sealed anew with key ${keyId}.`;
  if (left === 0) return { ok: true, says: `${says} No other key is needed any more.` };
  return { ok: true, says: `${says} ${number(left, "value is", "values are")} still sealed with other keys: see npm run keys -- list` };
}

const begin = (keyId: string): Promise<boolean> =>
  transaction(async (tx) => {
    if (!(await beginProgress(tx, keyId, rotatedColumns))) return false;
    await insertEvent(tx, { kind: "encryption_key.reencryption_begun", actor: command, facts: { key: keyId } });
    return true;
  });

/** Through all columns once; returns how many values it has met that could be sealed anew. */
async function onePass(keyId: string, pace: Pace): Promise<number> {
  const progress = await progressWith(database(), keyId);
  let met = 0;
  for (const column of rotatedColumns) {
    const { lastRow } = progress.find(({ tableName, columnName }) => tableName === column.table && columnName === column.column) ?? {};
    if (typeof lastRow === "string") met += await oneColumn(column, keyId, lastRow, pace);
  }
  return met;
}

async function oneColumn(column: SealedColumn, keyId: string, from: string, { perSecond, batch, say }: Pace): Promise<number> {
  let met = 0;
  for (let after: string | null = from; after !== null; ) {
    const began = performance.now();
    const rows = await sealedRows(database(), column, { anyBut: keyId }, after, batch);
    const changes = rows.flatMap((row) => anew(row.value, placeOf(column, row)) ?? []);
    const last: string | null = rows.length < batch ? null : (rows.at(-1)?.row ?? null);
    await transaction(async (tx) => {
      const resealed = changes.length > 0 ? await replaceSealed(tx, column, changes) : 0;
      await noteProgress(tx, column, keyId, last, resealed);
    });
    met += changes.length;
    after = last;
    await sleep(Math.max(0, (changes.length / perSecond) * 1_000 - (performance.now() - began)));
  }
  if (met > 0) say(`${column.table}.${column.column}: ${number(met, "value")}`);
  return met;
}

/** Null: it cannot be read here, and stays as it is. */
function anew(seen: Resealed["seen"], place: Place): Resealed | null {
  try {
    const fresh = reseal(seen, place, place);
    return fresh === null ? null : { row: place.row, seen, fresh };
  } catch (error) {
    if (error instanceof VaultError) return null;
    throw error;
  }
}
