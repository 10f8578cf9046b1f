import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { open, rename, rm, stat } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { insertBackupEvent, isUpToDate } from "@/db/restores";
import { type Snapshot, withSnapshot } from "@/db/snapshot";
import { headText } from "@/lib/audit/kept-head";
import { command } from "@/lib/auth/actor";
import { keyFaults } from "@/lib/check-keys";
import { env } from "@/lib/env";
import { ConfigurationError } from "@/lib/errors";
import { BackupError, END, FORM, type Manifest, sealOf } from "./backup-form";

/** `auditHead`: where the audit's chain ends in it, as `npm run audit -- verify --head` takes it; null: nothing is sealed. */
export type BackedUp = { takenAt: string; rows: Record<string, number>; keys: string[]; bytes: number; auditHead: string | null };

/**
 * Writes everything that the database holds at one moment into a new file, mode 0600; secrets are in it as they lie there, sealed. The file
 * has its name once it is whole. `url`: another database than the installation's own.
 */
export async function backUp(path: string, url: string | null = null): Promise<BackedUp> {
  if (existsSync(path)) throw new BackupError(`${path} is there already. Name a new file.`);
  const draft = `${path}.${randomBytes(4).toString("hex")}.part`;
  try {
    const done = await withSnapshot(
      url,
      (snapshot) => write(draft, snapshot),
      // Before the file has its name: what nobody can be told of was not done.
      (db) => insertBackupEvent(db, command),
    );
    await rename(draft, path);
    return done;
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    throw syscall && error instanceof Error && "path" in error ? new BackupError(`${path} cannot be written (${code}).`) : error;
  } finally {
    await rm(draft, { force: true });
  }
}

async function write(draft: string, snapshot: Snapshot): Promise<BackedUp> {
  const manifest = manifestOf(snapshot);
  const hash = createHash("sha256");
  const file = await open(draft, "wx", 0o600);
  const gzip = createGzip();
  const done = pipeline(gzip, file.createWriteStream({ flush: true }));
  done.catch(() => undefined); // Told below, where it is waited for.
  const put = async (bytes: Buffer | string) => {
    hash.update(bytes);
    if (!gzip.write(bytes)) await Promise.race([once(gzip, "drain"), done]);
  };
  await put(`${FORM}\n${JSON.stringify(manifest)}\n`);
  const rows: Record<string, number> = {};
  for (const table of snapshot.tables) {
    await put(`${JSON.stringify({ table: table.name })}\n`);
    const copy = snapshot.copy(table);
    // The server tells its own count only after the last row has been read here.
    let count = 0;
    for await (const chunk of copy as AsyncIterable<Buffer>) {
      count += newlines(chunk);
      await put(chunk);
    }
    rows[table.name] = count;
    await put(`${END}\n`);
  }
  const sha256 = hash.digest("hex");
  const [key] = env().LATCHKEY_KEYS;
  if (!key) throw new BackupError("LATCHKEY_KEYS is missing.");
  gzip.end(`${JSON.stringify({ rows, sha256, seal: { keyId: key.id, value: sealOf(sha256, key) } })}\n`);
  await done;
  const { size } = await stat(draft);
  const { seq, hash: sealed } = manifest.auditHead ?? {};
  const auditHead = typeof sealed === "string" ? headText({ seq: Number(seq), hash: sealed }) : null;
  return { takenAt: manifest.takenAt, rows, keys: manifest.keys.map(({ keyId }) => keyId), bytes: size, auditHead };
}

function newlines(chunk: Buffer): number {
  let count = 0;
  for (let at = chunk.indexOf(0x0a); at >= 0; at = chunk.indexOf(0x0a, at + 1)) count += 1;
  return count;
}

function manifestOf({ takenAt, migration, keyChecks, auditHead, tables, sequences }: Snapshot): Manifest {
  if (!migration) throw new BackupError("The database holds nothing of Latchkey: there is nothing to back up.");
  if (!isUpToDate(migration))
    throw new BackupError("The database is at another version than this build. Back it up with the build that runs on it.");
  const faults = keyFaults(keyChecks, env().LATCHKEY_KEYS);
  if (faults.length > 0) throw new ConfigurationError(faults);
  return { takenAt, migration, keys: keyChecks, auditHead, tables, sequences };
}
