import { z } from "zod";
import type { Sealed } from "@/db/sealed";
import type { Key } from "@/lib/key-ring";
import { fingerprint, fingerprintKeyOf } from "@/lib/vault";

/**
 * A backup is one gzip file of lines: FORM, a manifest, each table (its name, its rows as COPY writes them, END), and a closing line with
 * what was counted, the digest of all lines before it, and that digest under one of the installation's keys.
 */
export const FORM = "latchkey-backup 1";
export const END = "\\.";

const sealed = z.string().transform((text) => text as Sealed);

export const manifestShape = z.object({
  /** The moment that it shows, by the database's clock. */
  takenAt: z.iso.datetime({ offset: true }),
  migration: z.object({ at: z.number().int(), hash: z.string() }),
  /** The keys that its sealed values need, each with a known text that it sealed. */
  keys: z.array(z.object({ keyId: z.string(), value: sealed, stage: z.enum(["opening", "sealing", "retired"]).default("sealing") })),
  /** The last event of the audit's chain, as its row stands. */
  auditHead: z.record(z.string(), z.unknown()).nullable(),
  tables: z.array(z.object({ name: z.string(), columns: z.array(z.string()).min(1) })),
  sequences: z.array(z.object({ name: z.string(), value: z.string().regex(/^-?\d+$/), called: z.boolean() })),
});
export type Manifest = z.infer<typeof manifestShape>;

export const headShape = z.strictObject({ table: z.string() });

export const closingShape = z.strictObject({
  rows: z.record(z.string(), z.number().int().min(0)),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  seal: z.strictObject({ keyId: z.string(), value: z.string() }),
});
export type Closing = z.infer<typeof closingShape>;

/** A digest alone could be made anew by whoever changes a file: only who holds the key makes this. */
export const sealOf = (sha256: string, key: Key): string => fingerprint(["backup", sha256], fingerprintKeyOf(key));

/** Why a backup or a restore is refused, in a sentence for whoever is at the terminal. */
export class BackupError extends Error {
  override readonly name = "BackupError";
}
