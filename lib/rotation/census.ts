import { database } from "@/db/client";
import { countByKey, type SealedRow, sealedRows } from "@/db/resealing";
import { rotatedColumns, type SealedColumn } from "@/db/sealed-columns";
import type { Place } from "@/lib/vault";
import { unseal, VaultError } from "@/lib/vault";

export type Census = { keyId: string; table: string; column: string; n: number }[];

/** How many values of each sealed column each key has sealed. */
export async function census(): Promise<Census> {
  const all: Census = [];
  // One after the other: each of them reads a whole table.
  for (const { table, column, ...rest } of rotatedColumns)
    for (const counted of await countByKey(database(), { table, column, ...rest })) all.push({ table, column, ...counted });
  return all;
}

export const placeOf = ({ table, column }: SealedColumn, { row, merchant }: SealedRow): Place => ({ table, column, row, merchant });

const BATCH = 500;

/** How many values can be opened by that key and by no other. What it sealed and cannot open is lost with it or without it. */
export async function neededBy(keyId: string): Promise<number> {
  let needed = 0;
  for (const column of rotatedColumns)
    for (let after = ""; ; ) {
      const rows = await sealedRows(database(), column, { key: keyId }, after, BATCH);
      needed += rows.filter((row) => opens(column, row)).length;
      after = rows.at(-1)?.row ?? "";
      if (rows.length < BATCH) break;
    }
  return needed;
}

function opens(column: SealedColumn, row: SealedRow): boolean {
  try {
    unseal(row.value, placeOf(column, row));
    return true;
  } catch (error) {
    // A key that is not here might open it.
    if (error instanceof VaultError) return error.code === "unknown_key";
    throw error;
  }
}
