import { database, transaction } from "@/db/client";
import { anyUnsealed, sealEvents } from "@/db/event-seals";

const AT_ONCE = 2_000;

/** Gives a place in the order to what was committed until now, so much at once. Resolves to whether more may wait. */
export async function sealWaiting(): Promise<boolean> {
  if (!(await anyUnsealed(database()))) return false;
  return (await transaction((tx) => sealEvents(tx, AT_ONCE))) === AT_ONCE;
}
