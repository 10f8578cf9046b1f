import { insertEvent } from "@/db/events";
import { NotEmptyError, type Refill, refill } from "@/db/refill";
import { endAllSignIns, insertRestore, isKnown } from "@/db/restores";
import { dropKeptHead } from "@/lib/audit/kept-head";
import { verifyChain } from "@/lib/audit/verify-chain";
import { command } from "@/lib/auth/actor";
import { keyFaults } from "@/lib/check-keys";
import { env } from "@/lib/env";
import { ConfigurationError } from "@/lib/errors";
import { BackupError, type Closing, type Manifest, sealOf } from "./backup-form";
import { readBackup } from "./read-backup";

export type Restored = { manifest: Manifest; rows: Record<string, number> };

/**
 * Fills an empty database from a backup: as a whole, or not at all. The file is read to its end before anything is touched, and read again
 * while it is put in, by the same digest. `url`, `migrations`: another database than the installation's own, another folder than the build's.
 */
export async function restore(path: string, url: string | null = null, migrations?: string): Promise<Restored> {
  const first = await readBackup(path, { manifest: async (manifest) => judge(manifest), table: async () => undefined });
  judgeSeal(first.closing);
  const restored = await refill(url, (into) => load(path, first.closing, into), migrations).catch((error: unknown) => {
    if (error instanceof NotEmptyError)
      throw new BackupError("The database holds tables already, and a backup is restored into an empty one only. Nothing was changed.");
    throw error;
  });
  // It was of events that are not there any more, and the chain is what it was.
  if (url === null) dropKeptHead();
  return restored;
}

/** What the file says of itself, before any of it is believed: the same keys, and a build that knows how it was laid out. */
function judge({ keys, migration }: Manifest): void {
  const faults = keyFaults(keys, env().LATCHKEY_KEYS);
  if (faults.length > 0) throw new ConfigurationError([`The backup needs ${named(keys.map(({ keyId }) => keyId))}.`, ...faults]);
  if (!isKnown(migration))
    throw new BackupError("The backup was made by a newer build of Latchkey than this one. Restore it with that build.");
}

const named = (ids: readonly string[]) => `the key${ids.length === 1 ? "" : "s"} ${ids.join(", ")}`;

function judgeSeal({ sha256, seal }: Closing): void {
  const key = env().LATCHKEY_KEYS.find(({ id }) => id === seal.keyId);
  if (!key) throw new BackupError(`The backup was sealed with key ${seal.keyId}, which LATCHKEY_KEYS does not hold. Put that key back.`);
  if (sealOf(sha256, key) !== seal.value)
    throw new BackupError("This backup was altered after it was made: its seal does not fit. Nothing was changed.");
}

/** A chain that was broken before is restored as it was; one of another key would keep this installation from every change. */
async function judgeChain({ tx }: Refill): Promise<void> {
  const { fault } = await verifyChain(tx, { last: 0 });
  if (fault?.wrong !== "other_key") return;
  throw new BackupError(
    "The backup's audit was sealed with another LATCHKEY_AUDIT_KEY (unset, it is made from AUTH_SECRET or lies in .latchkey/audit-key). Put that one back. Nothing was changed.",
  );
}

/** As an event's sentence has it, alike in every language. */
const minuteOf = (moment: string) => `${moment.slice(0, 10)} ${moment.slice(11, 16)} UTC`;

async function load(path: string, closing: Closing, into: Refill): Promise<Restored> {
  const rows: Record<string, number> = {};
  const { manifest, closing: again } = await readBackup(path, {
    manifest: ({ migration }) => into.begin(migration.at),
    table: async (table, lines) => {
      rows[table.name] = await into.load(table, lines);
    },
  });
  const counted = manifest.tables.every(({ name }) => rows[name] === closing.rows[name]);
  if (again.sha256 !== closing.sha256 || !counted) throw new BackupError("The file changed while it was read. Nothing was changed.");
  await into.finish(manifest.sequences);
  await judgeChain(into);
  await insertRestore(into.tx, manifest.takenAt);
  await endAllSignIns(into.tx);
  await insertEvent(into.tx, { kind: "backup.restored", actor: command, facts: { taken: minuteOf(manifest.takenAt) } });
  return { manifest, rows };
}
