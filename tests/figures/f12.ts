import { drizzle } from "drizzle-orm/node-postgres";
import pg from "pg";
import { database } from "@/db/client";
import { type Head, readHead } from "@/db/event-chain";
import { verifyChain } from "@/lib/audit/verify-chain";
import { chainOf, mutants } from "./f12/chain";
import { type At, tamperings } from "./f12/tamper";
import { writeEntries } from "./f12/write-entries";
import { type Figure, randomOf, spread } from "./figure";

const ENTRIES = 20_000;
const GATE = 50;
const NIGHT = 500;
/** What is rolled back leaves dead rows behind. */
const VACUUM_EACH = 25;

type Found = { kind: string; expected: number | null; named: number | null; wrong: string; right: boolean };

/** On the same server, as somebody who may do everything. */
async function superuser(address: string): Promise<pg.Client> {
  for (const name of [null, "postgres"]) {
    const client = new pg.Client({ connectionString: name ? address.replace(/\/\/[^:]+:/, `//${name}:`) : address });
    await client.connect();
    const { rows } = await client.query("select usesuper from pg_user where usename = current_user");
    if (rows[0]?.usesuper) return client;
    await client.end();
  }
  throw new Error("There is no superuser to tamper as.");
}

export const figure: Figure = {
  title: "Audit entries by concurrent writers, tampered with in the database by a superuser: the first bad place is named",
  mutants,
  night: ["external"],
  measure: async ({ seed, long, many, mutant, address, say }) => {
    const random = randomOf(seed);
    const chain = chainOf(mutant);
    const { writers, seconds } = await writeEntries(ENTRIES, { seed, mutant, address });
    const head = await readHead(database());
    const client = await superuser(address);
    const db = drizzle({ client });
    try {
      const verifyMs: number[] = [];
      const verify = async (kept: Head[]) => {
        const began = performance.now();
        const verdict = await verifyChain(db, { kept: mutant === "no-head" ? [] : kept }, chain);
        verifyMs.push(performance.now() - began);
        return verdict;
      };
      const untouched = await verify(head ? [head] : []);
      if (!head || untouched.fault || untouched.entries !== ENTRIES)
        throw new Error(`What was written does not verify: ${JSON.stringify(untouched)}`);
      const wholeMs = Math.round(verifyMs.pop() ?? 0);
      const kinds = Object.keys(tamperings);
      const found: Found[] = [];
      for (let round = 0; round < (many ?? (long ? NIGHT : GATE)); round += 1) {
        const kind = kinds[round % kinds.length] ?? "";
        const places = [2 + Math.floor(random() * (ENTRIES - 2)), 2 + Math.floor(random() * (ENTRIES - 2))].sort((a, b) => a - b);
        const [from = 2, other = 2] = places;
        const at: At = { db, from, to: other === from ? from + 1 : other, head, column: Math.floor(random() * 1_000), chain };
        await client.query("begin; set local session_replication_role = replica");
        try {
          const expected = (await tamperings[kind]?.(at)) ?? null;
          const { fault } = await verify([head]);
          const named = fault?.seq ?? null;
          found.push({ kind, expected, named, wrong: fault?.wrong ?? "nothing", right: fault !== null && named === expected });
        } finally {
          await client.query("rollback");
        }
        if (round % VACUUM_EACH === VACUUM_EACH - 1) await client.query("vacuum events").then(() => client.query("vacuum event_seals"));
        if (found.length % 100 === 0) say(`  ${found.length} tamperings`);
      }
      return outcome(found, { writers, perSecond: Math.round(ENTRIES / seconds), wholeMs, verifyMs });
    } finally {
      await client.end();
    }
  },
  notTested: [
    "somebody who has the key, or the process itself, in his hands",
    "events that somebody with the database's password writes as Latchkey would, before they are sealed",
    "a head that nobody kept: without one a cut end and a history written anew from there do not show",
  ],
};

type Measures = { writers: number; perSecond: number; wholeMs: number; verifyMs: number[] };

function outcome(found: readonly Found[], { writers, perSecond, wholeMs, verifyMs }: Measures) {
  const missed = found.filter(({ right }) => !right);
  const byKind: Record<string, { tried: number; named: number; as: string[] }> = {};
  for (const { kind, right, wrong } of found) {
    byKind[kind] ??= { tried: 0, named: 0, as: [] };
    const one = byKind[kind];
    one.tried += 1;
    if (right) one.named += 1;
    if (!one.as.includes(wrong)) one.as.push(wrong);
  }
  return {
    n: found.length,
    of: "tamperings",
    failures: missed.length,
    line:
      `${ENTRIES} entries by ${writers} processes, ${perSecond} a second written and sealed; ${found.length} tamperings of ${Object.keys(byKind).length} kinds: ` +
      `${found.length - missed.length} named by their first bad place; all of it is verified in ${wholeMs} ms`,
    result: {
      entries: ENTRIES,
      writers,
      entriesPerSecond: perSecond,
      verifyAllMs: wholeMs,
      untilNamedMs: spread(verifyMs),
      byKind,
      missed: missed.slice(0, 20),
    },
  };
}
