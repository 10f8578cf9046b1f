import type { Encoding, Form, Secret } from "./forms";
import { formsOf } from "./forms";

export type Hit = { offset: number; kind: string; encoding: Encoding };

const KEY = 8;
const GEAR = gear();

/**
 * Finds any of thousands of forms in one pass: a hash of the last eight bytes rolls along, a table of bits says whether any form
 * ends so, and only then the forms are compared.
 */
export class Searcher {
  readonly secrets: number;
  private readonly forms = new Map<number, Form[]>();
  private readonly bits = new Uint32Array(1 << 17);
  readonly longest: number;

  constructor(secrets: Iterable<Secret>) {
    const seen = new Set<string>();
    const values = new Set<string>();
    let longest = KEY;
    for (const secret of secrets) {
      if (values.has(secret.value)) continue;
      values.add(secret.value);
      for (const form of formsOf(secret)) {
        const name = form.bytes.toString("latin1");
        if (seen.has(name)) continue;
        seen.add(name);
        longest = Math.max(longest, form.bytes.length);
        const key = hashOf(form.bytes);
        this.bits[key >>> 15] = (this.bits[key >>> 15] ?? 0) | (1 << ((key >>> 10) & 31));
        const others = this.forms.get(key);
        if (others) others.push(form);
        else this.forms.set(key, [form]);
      }
    }
    this.secrets = values.size;
    this.longest = longest;
  }

  /** What stands in the bytes that are pushed one chunk after the other; a hit may lie over their borders. */
  stream(): { push: (chunk: Uint8Array) => Hit[] } {
    let before = 0;
    let tail: Uint8Array = new Uint8Array(0);
    return {
      push: (chunk) => {
        const bytes = tail.length === 0 ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength) : Buffer.concat([tail, chunk]);
        const hits = this.scan(bytes, tail.length).map((hit) => ({ ...hit, offset: hit.offset + before - tail.length }));
        before += chunk.length;
        tail = Buffer.from(bytes.subarray(Math.max(0, bytes.length - this.longest)));
        return hits;
      },
    };
  }

  /** Hits in `bytes` that end behind `from`. */
  scan(bytes: Buffer, from = 0): Hit[] {
    const hits: Hit[] = [];
    const { bits, forms } = this;
    const { length } = bytes;
    let hash = hashOf(bytes.subarray(Math.max(0, from - KEY), from));
    for (let at = from; at < length; at += 1) {
      hash = ((hash << 4) + (GEAR[bytes[at] as number] as number)) | 0;
      if ((((bits[hash >>> 15] as number) >>> ((hash >>> 10) & 31)) & 1) === 0) continue;
      const found = forms.get(hash);
      if (found !== undefined) compare(bytes, at + 1, found, hits);
    }
    return hits;
  }
}

function compare(bytes: Buffer, end: number, forms: readonly Form[], hits: Hit[]): void {
  for (const form of forms) {
    const offset = end - form.bytes.length;
    if (offset >= 0 && form.bytes.equals(bytes.subarray(offset, end))) hits.push({ offset, kind: form.kind, encoding: form.encoding });
  }
}

function hashOf(bytes: Buffer): number {
  let hash = 0;
  for (const byte of bytes.subarray(-KEY)) hash = ((hash << 4) + (GEAR[byte] as number)) | 0;
  return hash;
}

/** One odd-looking number per byte, the same in every process (xorshift from a fixed seed). */
function gear(): Int32Array {
  let state = 0x2545f491;
  return Int32Array.from({ length: 256 }, () => {
    for (const shift of [13, -17, 5]) state ^= shift > 0 ? state << shift : state >>> -shift;
    return state | 0;
  });
}
