import type { Sealed } from "@/db/sealed";
import { AppError } from "@/lib/errors";
import { seal, unseal, VaultError } from "@/lib/vault";

/** Who asked for which order: a cursor goes on there and nowhere else. */
type Place = { row: string; order: string };

const placeOf = ({ row, order }: Place) => ({ table: "connections", column: `cursor by ${order}`, row, merchant: "" });

/** Sealed, because a walk may have ended at a row that whoever asked may not see. */
export const sealCursor = (spot: string, place: Place): string => seal(spot, placeOf(place));

/** Throws AppError `bad_cursor` for what was not given out for this. */
export function openCursor(text: string, place: Place): string {
  try {
    return unseal(text as Sealed, placeOf(place));
  } catch (error) {
    if (error instanceof VaultError) throw new AppError("bad_cursor", 400);
    throw error;
  }
}
