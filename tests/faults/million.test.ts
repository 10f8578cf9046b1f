import { sql } from "drizzle-orm";
import type pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { waitingPending } from "@/db/activate";
import { claimDue } from "@/db/claims";
import { type Executor, database } from "@/db/client";
import { listByExpiry, searchRows } from "@/db/connection-lists";
import { dueProofs } from "@/db/proofs";
import { dueRevocations } from "@/db/revocations";
import { dueByOffer } from "@/db/standing";
import { countStates, passedRows } from "@/db/states";
import { restate } from "@/lib/connections/restate";
import { sweep } from "@/lib/jobs/sweep";
import { useEnv } from "@/tests/auth/set-env";
import { plainClient } from "@/tests/support/administer";
import { useDatabase } from "@/tests/support/database";
import { type Read, readsOf, type Statement, sentBy } from "@/tests/support/explain";
import { BASE_URL, platforms } from "@/tests/support/platforms";
import { COME_UP, DUE, fill, MANY } from "./million-rows";

useEnv({ LATCHKEY_URL: BASE_URL });
const address = useDatabase();
const at = platforms();
let client: pg.Client;
const told: string[] = [];

beforeAll(async () => {
  client = await plainClient(address());
  await fill(client);
}, 300_000);
afterAll(async () => {
  process.stdout.write(`${told.join("\n")}\n`);
  await client.end();
});

const about = (statement: Statement) => /\bconnections\b/.test(statement.text) && /^\s*(with|select|update|delete|insert)\b/i.test(statement.text);

/** How what `work` asks for gets at connections. */
async function reads(name: string, work: (db: Executor) => Promise<unknown>): Promise<Read[]> {
  const asked = (await sentBy(() => database().transaction(async (tx) => work(tx).then(() => tx.rollback())).catch(() => undefined))).filter(about);
  expect(asked, name).toHaveLength(1);
  const found = await readsOf(client, asked[0] as Statement, "connections");
  told.push(`${MANY} connections, ${name}: ${found.map(({ index, rows }) => `${rows} rows by ${index}`).join(", ") || "none read"}`);
  return found;
}

const total = (found: readonly Read[]) => found.reduce((sum, { rows }) => sum + rows, 0);

it("nothing that a round of the worker asks reads the table: with nothing due, no statement looks at more than a few rows", async () => {
  const sent = (await sentBy(() => sweep({ open: at.open }))).filter(about);
  const different = [...new Map(sent.map((statement) => [`${statement.text}${JSON.stringify(statement.values)}`, statement])).values()];
  expect(different.length).toBeGreaterThan(15);
  for (const statement of different) {
    const found = await readsOf(client, statement, "connections");
    expect(found.filter(({ scan }) => scan === "Seq Scan"), statement.text).toEqual([]);
    told.push(`${total(found)} rows (${found.map(({ index }) => index).join(", ")}): ${statement.text.replace(/\s+/g, " ").trim().slice(0, 110)}`);
  }
});
