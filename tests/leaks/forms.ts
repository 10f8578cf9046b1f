import { createPrivateKey } from "node:crypto";

/** What a search looks for. `kind` is told on a hit, the value never. */
export type Secret = { kind: string; value: string };

export const ENCODINGS = ["raw", "base64", "base64url", "hex", "HEX", "url", "%xx", "json", "\\uxxxx"] as const;
export type Encoding = (typeof ENCODINGS)[number];
/** The bytes that give a secret away, in one encoding. */
export type Form = { kind: string; encoding: Encoding; bytes: Buffer };

const PIECE = 16;
/** Fewer bytes than this are met by chance. */
const LEAST = 10;
/** A header, the algorithm's name and the public modulus stand in as many lines of a long PEM. */
const PUBLIC_LINES = 7;

/** Every way in which a secret, or a piece of it from either end, may stand somewhere. Throws on one that is too short to be told from chance. */
export function formsOf({ kind, value }: Secret): Form[] {
  const pieces = piecesOf(value);
  if (pieces.length === 0) throw new Error(`A secret of the kind ${kind} is too short to be searched for`);
  return pieces.flatMap((piece) => encode(piece).map(([encoding, bytes]) => ({ kind, encoding, bytes })));
}

function piecesOf(value: string): Buffer[] {
  if (value.includes("PRIVATE KEY-----")) return pemPieces(value);
  // A key is written in base64; its bytes give it away in other writings as well.
  const key = /^[A-Za-z0-9+/]{43}=$/.test(value) ? Buffer.from(value, "base64") : Buffer.alloc(0);
  const ends = value.split(/[\s.]+/).flatMap((part) => {
    // A JWT's header and the begin of its claims are alike in all of them.
    const tail = part.slice(-PIECE);
    return part.startsWith("eyJ") ? (part.length > 40 ? [tail] : []) : [part.slice(0, PIECE), tail];
  });
  return [...[...new Set(ends)].map((end) => Buffer.from(end)), key.subarray(0, PIECE), key.subarray(-PIECE)].filter(
    ({ length }) => length >= LEAST,
  );
}

/** By lines, since an escape of the line breaks leaves each whole, and by the private number, which other formats than PEM hold too. */
function pemPieces(pem: string): Buffer[] {
  const lines = pem.split(/\r?\n|\\n/).filter((line) => /^[A-Za-z0-9+/=]{24,}$/.test(line));
  const secret = lines.length > PUBLIC_LINES + 2 ? lines.slice(PUBLIC_LINES) : lines;
  const { d = "" } = createPrivateKey(pem.replaceAll("\\n", "\n")).export({ format: "jwk" });
  const number = Buffer.from(d, "base64url");
  return [...secret.map((line) => Buffer.from(line.slice(-PIECE))), number.subarray(0, PIECE), number.subarray(-PIECE)];
}

function encode(piece: Buffer): [Encoding, Buffer][] {
  const hex = piece.toString("hex");
  const pairs = hex.match(/../g) ?? [];
  const bytes: [Encoding, string][] = [
    ...[0, 1, 2].flatMap((at): [Encoding, string][] => [
      ["base64", aligned(piece, at, "base64")],
      ["base64url", aligned(piece, at, "base64url")],
    ]),
    ["hex", hex],
    ["HEX", hex.toUpperCase()],
    ["%xx", pairs.map((pair) => `%${pair}`).join("")],
    ["%xx", pairs.map((pair) => `%${pair.toUpperCase()}`).join("")],
    ["\\uxxxx", pairs.map((pair) => `\\u00${pair}`).join("")],
    ["\\uxxxx", pairs.map((pair) => `\\u00${pair.toUpperCase()}`).join("")],
  ];
  const text = piece.toString("latin1");
  const escaped = JSON.stringify(text).slice(1, -1);
  const unicode = (upper: boolean) =>
    text.replace(/[^\w-]/g, (char) => {
      const code = char.charCodeAt(0).toString(16).padStart(4, "0");
      return `\\u${upper ? code.toUpperCase() : code}`;
    });
  // A number's bytes are no text, so no text is made of them.
  if (/^[\x20-\x7e]+$/.test(text)) {
    const url = encodeURIComponent(text);
    bytes.push(["url", url], ["url", url.replace(/%../g, (pair) => pair.toLowerCase())]);
    bytes.push(["json", escaped], ["json", escaped.replaceAll("/", "\\/")], ["json", unicode(false)], ["json", unicode(true)]);
  }
  const all: [Encoding, Buffer][] = [["raw", piece], ...bytes.map(([encoding, form]): [Encoding, Buffer] => [encoding, Buffer.from(form)])];
  const seen = new Set<string>();
  return all.filter(([, form]) => !seen.has(form.toString("latin1")) && seen.add(form.toString("latin1")));
}

/** Base64 of a piece that stands `at` bytes behind a border of three, without the characters that its neighbours decide. */
function aligned(piece: Buffer, at: number, encoding: "base64" | "base64url"): string {
  const text = Buffer.concat([Buffer.alloc(at), piece])
    .toString(encoding)
    .replace(/=+$/, "");
  const whole = Math.floor(((at + piece.length) * 8) / 6);
  return text.slice(Math.ceil((at * 8) / 6), whole);
}
