import { eq } from "drizzle-orm";
import { closeDatabase, database, openDatabase } from "@/db/client";
import { merchants } from "@/db/schema";
import { readState, writeWhole } from "./keep-state";
import { fill, lookOver } from "./seeding/fill";
import { progressFile } from "./seeding/prepare";
import type { Seeding } from "./seeding/seeding";

const [stateDir = ""] = process.argv.slice(2);
let stopping = false;
process.once("SIGTERM", () => {
  stopping = true;
});

const seeding = readState<Seeding>(`${stateDir}/seed.json`);
if (!seeding) throw new Error("There is no seed");
await openDatabase({ migrate: false });
const [guest] = await database().select({ merchantId: merchants.id }).from(merchants).where(eq(merchants.externalId, "demo-riyadh"));
if (!guest) throw new Error("The demo's guests are not there");
const before = readState<{ rows: number }>(progressFile(stateDir))?.rows ?? 0;
const note = (rows: number) => {
  writeWhole(progressFile(stateDir), JSON.stringify({ rows }));
  process.send?.(rows);
};
await fill(seeding, guest, before, note, () => stopping);
await lookOver();
await closeDatabase();
process.disconnect?.();
