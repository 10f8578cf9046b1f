import { brotliDecompressSync, gunzipSync } from "node:zlib";

export type Unpacked = { how: string; bytes: Buffer };

/** Shorter runs are names and words; what stands in them is found in its base64 form anyway. */
const SHORTEST = 88;
const IN_BASE64 = Uint8Array.from({ length: 256 }, (_, byte) => (/[A-Za-z0-9+/_-]/.test(String.fromCharCode(byte)) ? 1 : 0));
const DEEPEST = 3;

/** What is packed in `bytes`: compressed as a whole, or in base64 anywhere, one in the other. `name` tells what has no mark of its own. */
export function* unpack(bytes: Buffer, name = "", depth = 1): Generator<Unpacked> {
  for (const [how, found] of layers(bytes, name)) {
    yield { how, bytes: found };
    if (depth < DEEPEST) for (const inner of unpack(found, "", depth + 1)) yield { how: `${how}, ${inner.how}`, bytes: inner.bytes };
  }
}

function* layers(bytes: Buffer, name: string): Generator<[string, Buffer]> {
  const [how, whole] = bytes[0] === 0x1f && bytes[1] === 0x8b ? (["gzip", gunzipSync] as const) : (["br", brotliDecompressSync] as const);
  if (how === "gzip" || name.endsWith(".br")) {
    const plain = attempt(() => whole(bytes));
    if (plain) yield [how, plain];
    return;
  }
  for (const [start, end] of runs(bytes)) yield [`base64 at ${start}`, Buffer.from(bytes.toString("latin1", start, end), "base64")];
}

/** Where base64 may stand. No run of that length fits between two looks, so most bytes are never looked at. */
function* runs(bytes: Buffer): Generator<[start: number, end: number]> {
  for (let at = SHORTEST - 1, before = 0; at < bytes.length; at += SHORTEST) {
    if (IN_BASE64[bytes[at] as number] === 0) continue;
    let start = at;
    while (start > before && IN_BASE64[bytes[start - 1] as number] === 1) start -= 1;
    while (at < bytes.length && IN_BASE64[bytes[at] as number] === 1) at += 1;
    before = at;
    if (at - start >= SHORTEST) yield [start, at];
  }
}

/** What only looks compressed is searched as it is. */
function attempt(work: () => Buffer): Buffer | null {
  try {
    return work();
  } catch {
    return null;
  }
}
