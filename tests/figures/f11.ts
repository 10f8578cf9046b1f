import { randomBytes } from "node:crypto";
import { sql } from "drizzle-orm";
import { database } from "@/db/client";
import { findCandidates, findConnection } from "@/db/connections";
import { countByKey } from "@/db/resealing";
import { rotatedColumns } from "@/db/sealed-columns";
import { markKeys } from "@/lib/check-keys";
import { openCandidate, openGrant } from "@/lib/connections/sealed-grant";
import { makeMerchant } from "@/tests/auth/people";
import { setEnv } from "@/tests/auth/set-env";
import { bundled } from "./f11/bundle";
import { rotate } from "./f11/rotation";
import { candidateOf, plainOf, putValues } from "./f11/values";
import type { Figure } from "./figure";

const GATE = 2_000;
const NIGHT = 100_000;
/** The job would take so long by itself, if nobody killed it. */
const WORK_S = 20;

/** Reads everything with the keys of this process; resolves to what could not be read as it was written last. */
async function unread(): Promise<string[]> {
  const all = (await database().execute<{ id: string }>(sql`select id from connections`)).rows;
  const failed: string[] = [];
  for (const { id } of all)
    try {
      const row = await findConnection(database(), id);
      const grant = row && openGrant(row);
      if (grant?.access !== plainOf("access", id, row?.generation ?? 0)) failed.push(`${id}.access`);
      if (grant?.renewal !== plainOf("renewal", id, row?.generation ?? 0)) failed.push(`${id}.renewal`);
      for (const candidate of row ? await findCandidates(database(), id) : []) {
        const kept = row && openCandidate(candidate, row);
        if (kept?.access !== candidateOf("access", candidate.id)) failed.push(`${candidate.id}.access`);
        if (kept?.renewal !== candidateOf("renewal", candidate.id)) failed.push(`${candidate.id}.renewal`);
      }
    } catch (error) {
      failed.push(`${id} ${(error as Error).message}`);
    }
  return failed;
}

/** How many values each key has sealed. */
async function countKeys(): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const column of rotatedColumns)
    for (const { keyId, n } of await countByKey(database(), column)) counts[keyId] = (counts[keyId] ?? 0) + n;
  return counts;
}

export const figure: Figure = {
  title: "A key rotated under load, two instances on different steps, the re-encryption killed again and again: values and reads lost",
  mutants: {
    "no-comparison": "re-encryption does not ask whether the value that it read still stands",
    "no-rings": "no step asks which keys the running processes hold",
    "no-census": "a key is retired without asking whether a value needs it",
  },
  night: ["external"],
  measure: async ({ seed, long, many, mutant, address, say }) => {
    const before = process.env.LATCHKEY_KEYS;
    const keys = `k1:${randomBytes(32).toString("base64")}`;
    try {
      setEnv({ LATCHKEY_KEYS: keys });
      await markKeys();
      const values = await putValues(await makeMerchant("Nile Books"), many ?? (long ? NIGHT : GATE));
      say(`  ${values} values`);
      const perSecond = Math.ceil(values / WORK_S);
      const run = await bundled((folder) => rotate({ keys, at: { address, folder }, seed, perSecond, mutant, say }));
      if (mutant !== null && !run.changed) throw new Error("The mutant has changed nothing.");
      setEnv({ LATCHKEY_KEYS: run.left });
      const lost = await unread();
      const counts = await countKeys();
      for (const detail of [...run.wrong, ...run.told.failed.slice(0, 10), ...lost.slice(0, 10)]) say(`  ${detail}`);
      const { reads, writes, failed } = run.told;
      return {
        n: values,
        of: "values",
        failures: failed.length + lost.length + run.wrong.length,
        line:
          `${values} values, ${reads} reads and ${writes} renewals in 2 instances meanwhile: ${failed.length} failed reads; ` +
          `the re-encryption killed ${run.kills} times; then without the old key ${lost.length} values that cannot be read`,
        result: {
          values,
          reads,
          failedReads: failed.length,
          renewalsMeanwhile: writes,
          kills: run.kills,
          runsThatEndedBefore: run.endedBefore,
          refusedTooEarly: run.refused,
          allowedTooEarly: run.wrong,
          unreadableAfterwards: lost.length,
          valuesByKey: counts,
        },
      };
    } finally {
      setEnv({ LATCHKEY_KEYS: before });
    }
  },
  notTested: [
    "instances on several machines, and platforms without long-lived processes",
    "columns other than those of stores and their candidates (tests/db/rotation.test.ts)",
    "a database that restarts meanwhile",
    "Neon's driver",
  ],
};
