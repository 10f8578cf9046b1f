import type pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { waitingPending } from "@/db/activate";
import { claimDue } from "@/db/claims";
import { database, type Executor, transaction } from "@/db/client";
import { countKinds } from "@/db/health-counts";
import { dueProbes } from "@/db/incidents";
import { dueProofs } from "@/db/proofs";
import { readClock } from "@/db/read-clock";
import { dueRevocations } from "@/db/revocations";
import { dueByOffer } from "@/db/standing";
import { passedRows } from "@/db/states";
import { criteriaOf } from "@/lib/connections/criteria";
import { findPage, usual } from "@/lib/connections/find-page";
import { narrowingOf } from "@/lib/connections/narrowing";
import { restate } from "@/lib/connections/restate";
import { sweep } from "@/lib/jobs/sweep";
import { useEnv } from "@/tests/auth/set-env";
import { lists, searches } from "@/tests/bench/lists-cases";
import { fill } from "@/tests/bench/million";
import { plainClient } from "@/tests/support/administer";
import { useDatabase } from "@/tests/support/database";
import { type Read, readsOf, type Statement, sentBy } from "@/tests/support/explain";
import { BASE_URL, platforms } from "@/tests/support/platforms";
import { COME_UP, DUE } from "./come-up";

// ROWS=1000000 is the size that it is about; what reads everything does so at a tenth of it too.
const ROWS = Number(process.env.ROWS ?? 100_000);
const many = ROWS.toLocaleString("en");

useEnv({ LATCHKEY_URL: BASE_URL });
const address = useDatabase();
const at = platforms();
let client: pg.Client;
const told: string[] = [];
/** Connections on their way in or out, and those that wait for their owners: each a thousand. */
const FEW = 1_000;

beforeAll(async () => {
  client = await plainClient(address());
  const began = performance.now();
  await fill(client, ROWS, ROWS / 10);
  told.push(`${many} connections, filled in ${Math.round((performance.now() - began) / 1000)} s`);
}, 600_000);
afterAll(async () => {
  process.stdout.write(`${told.join("\n")}\n`);
  await client.end();
});

const about = ({ text }: Statement) => /\bconnection(s|_texts)\b/.test(text) && /^\s*(with|select|update|delete)\b/i.test(text);

/** How what `work` asks for gets at connections; nothing of it stays. */
async function reads(name: string, work: (db: Executor) => Promise<unknown>): Promise<Read[]> {
  const undone = transaction(async (tx) => {
    await work(tx);
    tx.rollback();
  });
  const sent = (await sentBy(() => undone.catch(() => undefined))).filter(about);
  expect(sent, name).toHaveLength(1);
  const found = await readsOf(client, sent[0] as Statement, "connections");
  told.push(`  ${name}: ${found.map(({ index, rows }) => `${rows} rows by ${index}`).join(", ")}`);
  expect(
    found.filter(({ scan }) => scan === "Seq Scan"),
    name,
  ).toEqual([]);
  return found;
}

const by = (found: readonly Read[], index: string) => found.filter((read) => read.index === index).reduce((sum, { rows }) => sum + rows, 0);
const total = (found: readonly Read[]) => found.reduce((sum, { rows }) => sum + rows, 0);

const claim =
  (offer: string, limit: number, suspects = false) =>
  (db: Executor) =>
    claimDue(db, { offer, leaseId: "lease_1", leaseS: 30, doubtS: 120, limit, suspects });

it(`${many} connections, nothing due: no statement of a worker's round reads the table, and the due ones are found by not looking at others`, async () => {
  const sent = (await sentBy(() => sweep({ open: at.open }))).filter(about);
  const different = [...new Map(sent.map((statement) => [JSON.stringify(statement), statement])).values()];
  // Claims of five platforms twice, their proofs, and whatever else a round looks for.
  expect(different.length).toBeGreaterThan(20);
  for (const statement of different) {
    const found = await readsOf(client, statement, "connections");
    const words = statement.text.replace(/\s+/g, " ").trim();
    told.push(`  ${total(found)} rows by ${[...new Set(found.map(({ index }) => index))].join(", ")}: ${words.slice(0, 90)}`);
    expect(
      found.filter(({ scan }) => scan === "Seq Scan"),
      words,
    ).toEqual([]);
    // Those that are being connected, or that wait for their owners, are looked at one by one: they are few whatever the table holds.
    const few = found.some(({ index }) => /connections_(unsettled|state|owner)\b/.test(index ?? ""));
    expect(total(found), words).toBeLessThanOrEqual(few ? FEW : 1);
  }
});

describe(`${many} connections, a thousand of each kind due`, () => {
  beforeAll(async () => {
    for (const statement of COME_UP) await client.query(statement);
    await client.query("analyze connections");
  });

  it.each([
    ["a few", 60, 60],
    ["all", 2_000, DUE],
  ])("a claim of %s reads what it claims", async (_name, limit, claimed) => {
    const found = await reads(`a claim of ${limit} renewals`, claim("oauth2", limit));
    expect(by(found, "connections_due")).toBe(claimed);
    expect(total(found)).toBe(2 * claimed);
  });

  it("another platform's claim reads nothing, nor does one of rows whose holders died", async () => {
    expect(total(await reads("a claim where none is due", claim("norce", 60)))).toBe(0);
    expect(total(await reads("a claim of those whose holders died", claim("oauth2", 60, true)))).toBe(0);
  });

  it("whoever asks what comes next reads that and no more", async () => {
    expect(total(await reads("probes of refused clients", dueProbes))).toBe(1);
    expect(total(await reads("proofs", (db) => dueProofs(db, "square", 100)))).toBe(100);
    expect(total(await reads("states in doubt", (db) => passedRows(db, 500)))).toBe(500);
    expect(total(await reads("revocations", (db) => dueRevocations(db, 50)))).toBeLessThanOrEqual(DUE / 10);
    expect(total(await reads("half-made connections", (db) => waitingPending(db, 50)))).toBeLessThanOrEqual(FEW);
    expect(total(await reads("how many are due", (db) => dueByOffer(db, ["oauth2", "norce"], 10_000)))).toBe(DUE);
    expect(total(await reads("counts of the states", countKinds))).toBe(DUE);
  });

  it("states are stored row by row", async () => {
    const sent = await sentBy(() => restate(1_000));
    const stored = sent.filter(({ text }) => /^\s*update connections c/.test(text));
    expect(stored).toHaveLength(1);
    const found = await readsOf(client, stored[0] as Statement, "connections");
    expect(found).toEqual([expect.objectContaining({ index: "connections_pkey", rows: DUE })]);
  });

  it.each([...lists, ...searches])("support's list: $name", async ({ name, query }) => {
    const criteria = criteriaOf(query(3));
    const narrowing = await narrowingOf(criteria, await readClock(database()));
    const sent = (await sentBy(() => findPage(criteria, narrowing, { spot: null, back: false }))).filter(about);
    for (const statement of sent) {
      const found = [...(await readsOf(client, statement, "connections")), ...(await readsOf(client, statement, "connection_texts"))];
      told.push(`  ${name}: ${found.map(({ scan, index, rows }) => `${rows} rows by ${index ?? scan}`).join(", ")}`);
      expect(
        found.filter(({ scan }) => scan === "Seq Scan"),
        name,
      ).toEqual([]);
      expect(total(found), name).toBeLessThanOrEqual(2 * usual.walk);
    }
  });

  it("what is found by is what triggers would have written", async () => {
    const wrong = await client.query(`select count(*)::int as n from connection_texts t join connections c on c.id = t.connection_id
      where c.id in (select 'con_' || i * 997 from generate_series(1, 1000) i) and t.folded <> connection_text(c)`);
    expect(wrong.rows[0].n).toBe(0);
  });
});
