import { eq, sql } from "drizzle-orm";
import { closeDatabase, database } from "@/db/client";
import { findCandidates, findConnection } from "@/db/connections";
import { connections } from "@/db/schema";
import { openCandidate, openGrant, sealIssued } from "@/lib/connections/sealed-grant";
import { openLatchkey } from "@/lib/open-latchkey";
import { startTelling, stopTelling } from "@/lib/rotation/tell-ring";
import { candidateOf, plainOf } from "./values";

export type Told = { reads: number; writes: number; failed: string[] };

const READS_MS = 20;
const WRITES_MS = 50;

// One of two instances: reads whatever there is as the product does, and renews what the job is about to seal anew.
const told: Told = { reads: 0, writes: 0, failed: [] };
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
let stopping = false;

// The product's own log lines are nobody's to read here.
process.stdout.write = (() => true) as typeof process.stdout.write;

async function read(id: string): Promise<void> {
  try {
    const row = await findConnection(database(), id);
    if (!row) throw new Error("is gone");
    const { access, renewal } = openGrant(row);
    if (access !== plainOf("access", id, row.generation) || renewal !== plainOf("renewal", id, row.generation))
      throw new Error("is another");
    for (const candidate of await findCandidates(database(), id)) {
      const kept = openCandidate(candidate, row);
      if (kept.access !== candidateOf("access", candidate.id) || kept.renewal !== candidateOf("renewal", candidate.id))
        throw new Error("is another candidate");
    }
  } catch (error) {
    told.failed.push(`${id} ${(error as Error).message}`);
  }
  told.reads += 1;
}

/** One of the rows that come next in the job's way, or any where it is not at stores. */
async function nextInTheWay(ids: readonly string[]): Promise<string> {
  const found = await database().execute<{ id: string }>(sql`
    select id from connections
    where id > (select coalesce(max(last_row), '') from resealings where table_name = 'connections' and last_row is not null)
    order by id limit 100`);
  const near = found.rows.map(({ id }) => id);
  return anyOf(near.length > 0 && Math.random() < 0.8 ? near : ids);
}

const anyOf = (ids: readonly string[]): string => ids[Math.floor(Math.random() * ids.length)] ?? "";

async function write(id: string): Promise<void> {
  const row = await findConnection(database(), id);
  if (!row) return;
  const next = row.generation + 1;
  const issued = { access: plainOf("access", id, next), renewal: plainOf("renewal", id, next), expiresAt: null, scopes: [] };
  const { access, renewal } = sealIssued(issued, row, []);
  const written = await database()
    .update(connections)
    .set({ access, renewal, generation: next })
    .where(sql`${eq(connections.id, id)} and ${eq(connections.generation, row.generation)}`);
  told.writes += written.rowCount ?? 0;
}

/** Does it as often as that, however long each takes. */
async function steadily(everyMs: number, work: () => Promise<void>): Promise<void> {
  const under = new Set<Promise<void>>();
  for (let due = performance.now(); !stopping; due += everyMs) {
    await pause(Math.max(0, due - performance.now()));
    const one: Promise<void> = work().finally(() => under.delete(one));
    under.add(one);
    if (under.size > 20) await Promise.race(under);
  }
  await Promise.all(under);
}

await openLatchkey();
await startTelling("web");
const ids = (await database().execute<{ id: string }>(sql`select id from connections`)).rows.map(({ id }) => id);
const work = Promise.all([steadily(READS_MS, () => read(anyOf(ids))), steadily(WRITES_MS, async () => write(await nextInTheWay(ids)))]);
process.on("message", () => {
  stopping = true;
  void work
    .then(stopTelling)
    .then(closeDatabase)
    .then(() => process.send?.(told, () => process.exit(0)));
});
process.send?.("ready");
