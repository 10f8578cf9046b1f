import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";
import type { CopiedTable } from "@/db/copy-order";
import { BackupError, type Closing, closingShape, END, FORM, headShape, type Manifest, manifestShape } from "./backup-form";

/** Both in the order of the file; rows in blocks of whole lines. Those that are not taken are only counted. */
export type BackupReader = {
  manifest(manifest: Manifest): Promise<void>;
  table(table: CopiedTable, rows: AsyncGenerator<Buffer>): Promise<void>;
};

const NEWLINE = 0x0a;
const BLOCK_BYTES = 65_536;
const BROKEN = "This file is not a whole backup of Latchkey: it was cut off or altered.";

/** Throws BackupError where the file is anything but what a backup wrote; who sealed it is for the caller to judge. */
export async function readBackup(path: string, reader: BackupReader): Promise<{ manifest: Manifest; closing: Closing }> {
  const hash = createHash("sha256");
  const lines = linesOf(path);
  const next = async (): Promise<Buffer> => {
    const { value, done } = await lines.next();
    if (done) throw new BackupError(BROKEN);
    return value;
  };
  const taken = async (): Promise<Buffer> => {
    const line = await next();
    hash.update(line);
    return line;
  };
  try {
    if (text(await taken()) !== FORM) throw new BackupError(BROKEN);
    const manifest = parsed(manifestShape, await taken());
    await reader.manifest(manifest);
    const rows: Record<string, number> = {};
    for (const table of manifest.tables) {
      if (parsed(headShape, await taken()).table !== table.name) throw new BackupError(BROKEN);
      rows[table.name] = await readTable(table, taken, reader);
    }
    const sha256 = hash.digest("hex");
    const closing = parsed(closingShape, await next());
    const counted = manifest.tables.every(({ name }) => closing.rows[name] === rows[name]);
    if (closing.sha256 !== sha256 || !counted || !(await lines.next()).done) throw new BackupError(BROKEN);
    return { manifest, closing };
  } finally {
    await lines.return(undefined);
  }
}

async function readTable(table: CopiedTable, taken: () => Promise<Buffer>, reader: BackupReader): Promise<number> {
  let count = 0;
  let ended = false;
  async function* rows(): AsyncGenerator<Buffer> {
    let block: Buffer[] = [];
    let bytes = 0;
    for (let line = await taken(); text(line) !== END; line = await taken()) {
      count += 1;
      block.push(line);
      bytes += line.length;
      if (bytes < BLOCK_BYTES) continue;
      yield Buffer.concat(block);
      block = [];
      bytes = 0;
    }
    ended = true;
    if (block.length > 0) yield Buffer.concat(block);
  }
  const all = rows();
  await reader.table(table, all);
  if (!ended) for await (const _ of all);
  return count;
}

const text = (line: Buffer): string | null => (line.length > 200 ? null : line.toString("utf8").trimEnd());

function parsed<T>(shape: { safeParse(value: unknown): { success: boolean; data?: T } }, line: Buffer): T {
  try {
    const { success, data } = shape.safeParse(JSON.parse(line.toString("utf8")));
    if (success) return data as T;
  } catch {}
  throw new BackupError(BROKEN);
}

/** Each line with the newline that ends it. */
async function* linesOf(path: string): AsyncGenerator<Buffer, undefined> {
  const file = createReadStream(path);
  const gunzip = createGunzip();
  file.on("error", (error) => gunzip.destroy(error));
  let rest: Buffer[] = [];
  try {
    for await (const chunk of file.pipe(gunzip) as AsyncIterable<Buffer>) {
      let from = 0;
      for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, from)) {
        const line = chunk.subarray(from, at + 1);
        yield rest.length === 0 ? line : Buffer.concat([...rest, line]);
        rest = [];
        from = at + 1;
      }
      if (from < chunk.length) rest.push(chunk.subarray(from));
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code?.startsWith("Z_")) throw new BackupError(BROKEN);
    throw code ? new BackupError(`${path} cannot be read (${code}).`) : error;
  } finally {
    file.destroy();
    gunzip.destroy();
  }
  if (rest.length > 0) throw new BackupError(BROKEN);
  return undefined;
}
