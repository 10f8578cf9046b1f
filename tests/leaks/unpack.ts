import { brotliDecompressSync, gunzipSync } from "node:zlib";

export type Unpacked = { how: string; bytes: Buffer };

/** Shorter runs are names and words; what stands in them is found in its base64 form anyway. */
const BASE64 = /[A-Za-z0-9+/_-]{88,}={0,2}/g;
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
  for (const match of bytes.toString("latin1").matchAll(BASE64)) yield [`base64 at ${match.index}`, Buffer.from(match[0], "base64")];
}

/** What only looks compressed is searched as it is. */
function attempt(work: () => Buffer): Buffer | null {
  try {
    return work();
  } catch {
    return null;
  }
}
