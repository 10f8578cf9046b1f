import { database } from "@/db/client";
import { type KeyCheck, readKeyChecks } from "@/db/key-checks";
import { progressWith } from "@/db/resealings";
import { env } from "@/lib/env";
import { MOST_SEALINGS } from "@/lib/sealings";
import { type Census, census } from "./census";
import { namesOf, otherRings } from "./others";
import { number, type Told } from "./told";

const stages = { opening: "only opens", sealing: "has sealed", retired: "retired" } as const;

/** Every key that is known, what each column still has of it, and which processes hold it. */
export async function listKeys(): Promise<Told> {
  const ring = env().LATCHKEY_KEYS.map(({ id }) => id);
  const checks = await readKeyChecks(database());
  const counted = await census();
  const unknown = [...new Set(counted.map(({ keyId }) => keyId))].filter((id) => !checks.some(({ keyId }) => keyId === id));
  const lines = [
    ...checks.flatMap((check) => [about(check, ring), ...valuesOf(check.keyId, counted)]),
    ...unknown.flatMap((id) => [`${id}: known to nobody`, ...valuesOf(id, counted)]),
  ];
  const rings = await otherRings();
  lines.push(`Keys here, the first seals: ${ring.join(", ")}`, `Processes: ${rings.length === 0 ? "none is running" : namesOf(rings)}`);
  const under = await progressWith(database(), ring[0] ?? "");
  if (under.length > 0) lines.push("Sealing anew was begun and not ended: npm run keys -- reencrypt goes on with it.");
  return { ok: true, says: lines.join("\n") };
}

function about({ keyId, stage, sealings }: KeyCheck, ring: readonly string[]): string {
  const said = keyId === ring[0] && stage === "sealing" ? "seals" : stages[stage];
  const held = ring.includes(keyId) || stage === "retired" ? "" : ", is not here";
  const worn = sealings >= MOST_SEALINGS ? ", which is as often as it may: rotate it" : "";
  return `${keyId}: ${said}${held}; has sealed ${number(sealings, "time")}${worn}`;
}

function valuesOf(keyId: string, counted: Census): string[] {
  const mine = counted.filter((one) => one.keyId === keyId);
  const sum = mine.reduce((total, { n }) => total + n, 0);
  return [`  ${number(sum, "value")}`, ...mine.map(({ table, column, n }) => `    ${table}.${column}: ${n.toLocaleString("en")}`)];
}
