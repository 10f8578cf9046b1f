import { getTableColumns, sql, type Table } from "drizzle-orm";
import { database, type Tx, transaction } from "@/db/client";
import { attempts, connections, events, memberships, merchants, users } from "@/db/schema";
import { type Plan, planOf } from "./plan";
import { type Row, rowOf } from "./row";
import { idOf } from "./secrets";
import type { Seeding } from "./seeding";
import { storyOf } from "./story";

const BATCH = 2_000;

export type Guest = { merchantId: string };

/**
 * Writes the seed's rows from number `from` on, some thousand in a transaction, into the open database. `done` is told up to where they
 * are; a batch that came twice is written once. `stopping` is asked between two.
 */
export async function fill(seeding: Seeding, guest: Guest, from: number, done: (rows: number) => void, stopping = () => false) {
  let written: Promise<void> = Promise.resolve();
  for (let at = from; at < seeding.rows && !stopping(); at += BATCH) {
    const upTo = Math.min(seeding.rows, at + BATCH);
    // The next ones are sealed while the database takes these.
    const batch = made(seeding, guest, at, upTo);
    await written;
    written = transaction((tx) => write(tx, batch)).then(() => done(upTo));
  }
  await written;
}

type Batch = Record<"merchants" | "users" | "memberships" | "attempts" | "connections" | "events", object[]>;

function made(seeding: Seeding, guest: Guest, from: number, upTo: number): Batch {
  const batch: Batch = { merchants: [], users: [], memberships: [], attempts: [], connections: [], events: [] };
  const people = new Set<number>();
  const told: ReturnType<typeof storyOf> = [];
  for (let index = from; index < upTo; index += 1) {
    const plan = planOf(seeding, index);
    const merchantId = plan.merchant ? idOf(seeding, "mer", plan.merchant.number) : guest.merchantId;
    const userId = idOf(seeding, "usr", plan.merchant?.number ?? -1);
    if (plan.merchant && !people.has(plan.merchant.number)) {
      people.add(plan.merchant.number);
      addMerchant(seeding, plan.merchant, batch);
    }
    const row = rowOf(seeding, plan, merchantId, userId);
    if (row.attemptId) batch.attempts.push(attemptOf(seeding, plan, row));
    batch.connections.push(columnsOf(connections, row));
    told.push(...storyOf(seeding, plan, row, plan.merchant?.person ?? "Mona Haddad"));
  }
  batch.events = told.sort((one, other) => one.at.getTime() - other.at.getTime());
  return batch;
}

function addMerchant(seeding: Seeding, { number, name, person, email }: NonNullable<Plan["merchant"]>, batch: Batch): void {
  const id = idOf(seeding, "mer", number);
  const userId = idOf(seeding, "usr", number);
  const made = { createdAt: new Date(seeding.atMs - 420 * 86_400_000) };
  batch.merchants.push(columnsOf(merchants, { id, name, externalId: `demo-shop-${number}`, ...made }));
  // Nobody reads their mail: it would only be printed where the demo was started.
  const unsubscribed = ["store_needs_you", "store_still_needs_you"];
  batch.users.push(columnsOf(users, { id: userId, name: person, email, unsubscribed, ...made }));
  batch.memberships.push(columnsOf(memberships, { id: idOf(seeding, "mem", number), userId, merchantId: id, role: "member", ...made }));
}

/** Something was issued and could not be tried yet. */
const attemptOf = (seeding: Seeding, { connectedAt, offer, store }: Plan, row: Row) =>
  columnsOf(attempts, {
    id: row.attemptId,
    stateHash: row.attemptId,
    offer,
    offerFingerprint: "demo",
    merchantId: row.merchantId,
    userId: row.connectedBy,
    label: store,
    status: "issued",
    resultId: row.id,
    tries: 1,
    expiresAt: new Date(connectedAt + 600_000),
    createdAt: new Date(connectedAt),
    answeredAt: new Date(Math.min(connectedAt + 4_000, seeding.atMs)),
  });

/** By the names of a table's columns, without what is not there. */
function columnsOf(table: Table, values: Record<string, unknown>): Record<string, unknown> {
  const columns = getTableColumns(table);
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [columns[name]?.name ?? name, value]));
}

async function write(tx: Tx, batch: Batch): Promise<void> {
  await put(tx, merchants, batch.merchants);
  await put(tx, users, batch.users);
  await put(tx, memberships, batch.memberships);
  await put(tx, attempts, batch.attempts);
  const before = await tx.execute<{ known: boolean }>(
    sql`select exists (select from connections where id = ${(batch.connections[0] as Row | undefined)?.id ?? ""}) as known`,
  );
  if (before.rows[0]?.known) return;
  await put(tx, connections, batch.connections);
  await put(tx, events, batch.events);
}

async function put(tx: Tx, table: Table, rows: readonly object[]): Promise<void> {
  if (rows.length === 0) return;
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const columns = sql.join(
    names.map((name) => sql.identifier(name)),
    sql`, `,
  );
  await tx.execute(sql`insert into ${table} (${columns})
    select ${columns} from json_populate_recordset(null::${table}, ${JSON.stringify(rows)}::json)
    on conflict do nothing`);
}

/** Where rows have just come by the thousand, nobody knows how they are spread until somebody looks. */
export async function lookOver(): Promise<void> {
  await database().execute(sql`analyze merchants, users, memberships, connections, events`);
}
