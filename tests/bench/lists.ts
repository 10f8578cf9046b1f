import { sql } from "drizzle-orm";
import { database } from "@/db/client";
import { rowsOf } from "@/db/connection-lists";
import type { From, Spot } from "@/db/connection-walk";
import { readClock } from "@/db/read-clock";
import { criteriaOf } from "@/lib/connections/criteria";
import { findPage, usual } from "@/lib/connections/find-page";
import { narrowingOf } from "@/lib/connections/narrowing";
import type { SetUp } from "@/tests/figures/figure";
import { plainClient } from "@/tests/support/administer";
import { type Case, lists, searches } from "./lists-cases";
import { fill, MANY, MERCHANTS } from "./million";

const DEEP = 100_000;
const LIST_MS = 20;
const SEARCH_MS = 30;

const at = (times: readonly number[], share: number): number => [...times].sort((a, b) => a - b)[Math.ceil(times.length * share) - 1] ?? 0;
const figures = (times: readonly number[]) => `p50 ${at(times, 0.5).toFixed(1).padStart(5)} p95 ${at(times, 0.95).toFixed(1).padStart(5)}`;

async function page({ query }: Case, round: number, from: From, rows = usual.page) {
  const criteria = criteriaOf(query(round));
  const narrowing = await narrowingOf(criteria, await readClock(database()));
  return { criteria, narrowing, from, rows };
}

/** What the page asks of the database, from the first statement to the last row's, as this process sees it. */
async function timed(one: Case, round: number, from: From): Promise<number> {
  const asked = await page(one, round, from);
  const began = performance.now();
  const found = await findPage(asked.criteria, asked.narrowing, asked.from);
  await rowsOf(database(), found.ids);
  return performance.now() - began;
}

/** Where the page after so many rows begins; null: the list is not that long. */
async function spotAfter(one: Case, rows: number): Promise<Spot | null> {
  const asked = await page(one, 0, { spot: null, back: false });
  const found = await findPage(asked.criteria, asked.narrowing, asked.from, { ...usual, page: rows, walk: Math.max(usual.walk, rows + 1) });
  return found.ids.length === rows ? found.next : null;
}

async function series(one: Case, from: From, rounds: number, fixed = false): Promise<number[]> {
  await timed(one, 0, from);
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) times.push(await timed(one, fixed ? 0 : round, from));
  return times;
}

/** How long lists and searches take at a million rows, beside one row by its key. */
export async function benchLists(_setUp: SetUp, address: string, say: (line: string) => void): Promise<boolean> {
  const client = await plainClient(address);
  const began = performance.now();
  await fill(client);
  await client.end();
  say(`${MANY} connections of ${MERCHANTS} merchants, filled in ${Math.round((performance.now() - began) / 1000)} s`);
  return measure(say, 40);
}

export async function measure(say: (line: string) => void, rounds: number): Promise<boolean> {
  const byKey: number[] = [];
  for (let round = 0; round < 200; round += 1) {
    const start = performance.now();
    await database().execute(sql`select * from connections where id = ${`con_${round * 4_001 + 7}`}`);
    byKey.push(performance.now() - start);
  }
  say(`  one connection by its key: ${figures(byKey)} ms`);
  let met = true;
  const told = (name: string, times: readonly number[], most: number) => {
    const late = at(times, 0.95) > most;
    if (late) met = false;
    say(`  ${figures(times)} ms${late ? ` (over ${most})` : ""}  ${name}`);
  };
  for (const one of lists) {
    told(`${one.name}, page 1`, await series(one, { spot: null, back: false }, rounds), LIST_MS);
    for (const [name, rows] of [
      ["page 100", 99 * usual.page],
      [`after ${DEEP} rows`, DEEP],
    ] as const) {
      const spot = await spotAfter(one, rows);
      if (spot) told(`${one.name}, ${name}`, await series(one, { spot, back: false }, rounds, true), LIST_MS);
    }
    told(`${one.name}, the last page`, await series(one, { spot: null, back: true }, rounds), LIST_MS);
  }
  for (const one of searches) told(`search: ${one.name}`, await series(one, { spot: null, back: false }, rounds), SEARCH_MS);
  return met;
}
