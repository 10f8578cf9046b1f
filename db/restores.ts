import { sql } from "drizzle-orm";
import type { Executor, Tx } from "./client";
import { insertEvent, type NewEvent } from "./events";
import { knownMigrations } from "./migrate";
import { newId } from "./new-id";

type Migration = { at: number; hash: string };

/** Whether a database that stands there is where this build would bring it. */
export const isUpToDate = ({ at }: Migration): boolean => knownMigrations().at(-1)?.at === at;

/** Whether this build can make tables as they were after that migration. */
export const isKnown = ({ at, hash }: Migration): boolean => knownMigrations().some((known) => known.at === at && known.hash === hash);

export async function insertBackupEvent(db: Executor, actor: NewEvent["actor"]): Promise<void> {
  await db.transaction((tx) => insertEvent(tx, { kind: "backup.taken", actor }));
}

/** Leaves the mark of a restore of what was true at that moment. */
export async function insertRestore(tx: Tx, takenAt: string): Promise<void> {
  await tx.execute(sql`insert into restores (id, taken_at) values (${newId("res")}, ${takenAt}::timestamptz)`);
}

/** Whoever was signed in then, and every sign-in link: some may have been ended since, and nobody here knows which. */
export async function endAllSignIns(tx: Tx): Promise<void> {
  await tx.execute(sql`delete from sessions`);
  await tx.execute(sql`delete from verification_tokens`);
}
