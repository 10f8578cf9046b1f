import { generateKeyPairSync, randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { afterAll, describe, expect, it, vi } from "vitest";
import { log } from "@/lib/log";
import { ENCODINGS, type Encoding, type Secret } from "@/tests/leaks/forms";
import { LeakSearch } from "@/tests/leaks/leak-search";
import { Searcher } from "@/tests/leaks/searcher";
import { Ledger } from "@/tests/simulators/ledger";

const pem = (type: "rsa" | "ec") => {
  const { privateKey } =
    type === "rsa" ? generateKeyPairSync("rsa", { modulusLength: 2048 }) : generateKeyPairSync("ec", { namedCurve: "P-256" });
  return privateKey.export({ type: "pkcs8", format: "pem" }).toString();
};
const part = (bytes: number) => randomBytes(bytes).toString("base64url");
const jwt = `${Buffer.from('{"alg":"RS256"}').toString("base64url")}.${Buffer.from(`{"sub":"${part(30)}"}`).toString("base64url")}.${part(64)}`;
const keys = { rsa: pem("rsa"), ec: pem("ec") };
const secrets: Secret[] = [
  { kind: "token", value: new Ledger().canary("square-access") },
  { kind: "session", value: part(32) },
  { kind: "key", value: `${randomBytes(30).toString("base64")}+/=/+==` },
  { kind: "password", value: randomBytes(6).toString("hex") },
  { kind: "jwt", value: jwt },
  { kind: "rsa key", value: keys.rsa },
  { kind: "ec key", value: keys.ec },
];
const searcher = new Searcher(secrets);

const escapes = (text: string) => [...text].map((char) => char.charCodeAt(0).toString(16).padStart(2, "0"));
const encoders: Record<Encoding, (text: string) => string> = {
  raw: (text) => text,
  base64: (text) => Buffer.from(text).toString("base64"),
  base64url: (text) => Buffer.from(text).toString("base64url"),
  hex: (text) => Buffer.from(text).toString("hex"),
  HEX: (text) => Buffer.from(text).toString("hex").toUpperCase(),
  url: (text) => encodeURIComponent(text),
  "%xx": (text) =>
    escapes(text)
      .map((pair) => `%${pair}`)
      .join(""),
  json: (text) => JSON.stringify({ text }),
  "\\uxxxx": (text) =>
    escapes(text)
      .map((pair) => `\\u00${pair}`)
      .join(""),
};

/** Text in which no secret stands, of any length and of every byte. */
const noise = (length: number) => randomBytes(length);
const kindsIn = (bytes: Buffer) => new Set(searcher.scan(bytes).map(({ kind }) => kind));

describe("S-46 the search finds", () => {
  it.each(ENCODINGS.flatMap((encoding) => secrets.map(({ kind, value }) => [encoding, kind, value] as const)))(
    "in %s: a %s, wherever it begins",
    (encoding, kind, value) => {
      for (const before of [0, 1, 2, 3, 4, 5, 1_021]) {
        // Base64 and hex depend on what stands before inside the encoded text, the others on nothing.
        const text = encoders[encoding](`${"x".repeat(before % 7)}${value}y`);
        expect(kindsIn(Buffer.concat([noise(before), Buffer.from(text), noise(333)])), `${before}`).toEqual(new Set([kind]));
      }
    },
  );

  it("each secret on the border of two chunks, wherever the border lies, and says where it began", () => {
    const bytes = Buffer.concat([noise(40), Buffer.from(secrets[0]?.value ?? ""), noise(40)]);
    for (let border = 30; border < bytes.length - 30; border += 1) {
      const stream = searcher.stream();
      const hits = [bytes.subarray(0, border), bytes.subarray(border, border + 3), bytes.subarray(border + 3)].flatMap((chunk) =>
        stream.push(chunk),
      );
      expect(hits.map(({ offset }) => offset).sort()).toEqual(
        searcher
          .scan(bytes)
          .map(({ offset }) => offset)
          .sort(),
      );
      expect(Math.min(...hits.map(({ offset }) => offset))).toBe(40);
    }
  });

  it.each<[string, (text: string) => string]>([
    ["its own lines", (text) => text],
    ["escaped line breaks", (text) => JSON.stringify(text)],
    ["no line breaks", (text) => text.replaceAll("\n", "")],
    ["base64 of its bytes", (text) => Buffer.from(`padding${text}`).toString("base64")],
    ["a JWK's base64url", (text) => Buffer.from(text.split("\n").slice(1, -2).join(""), "base64").toString("base64url")],
    ["the DER's hex", (text) => Buffer.from(text.split("\n").slice(1, -2).join(""), "base64").toString("hex")],
  ])("a private key by %s", (_, written) => {
    expect(kindsIn(Buffer.from(written(keys.rsa)))).toEqual(new Set(["rsa key"]));
    expect(kindsIn(Buffer.from(written(keys.ec)))).toEqual(new Set(["ec key"]));
  });

  it("what is left of a secret that was cut off at either end, and every canary by its name alone", () => {
    const { value = "" } = secrets[1] ?? {};
    for (const cut of [value.slice(0, 20), value.slice(-20)]) expect(kindsIn(Buffer.from(`"${cut}…"`))).toEqual(new Set(["session"]));
    expect(kindsIn(Buffer.from(new Ledger().canary("square-access").slice(0, 22)))).toEqual(new Set(["token"]));
  });

  it("compressed files and base64 inside of JSON, one in the other, as a framework's cache keeps them", () => {
    const root = mkdtempSync(join(tmpdir(), "latchkey-leaks-"));
    afterAll(() => rmSync(root, { recursive: true }));
    const hidden = encoders.hex(`{"access_token":"${secrets[0]?.value}"}`);
    const cached = JSON.stringify({ kind: "FETCH", data: { body: Buffer.from(hidden).toString("base64"), status: 200 } });
    mkdirSync(join(root, "deep/er"), { recursive: true });
    const files = {
      "a.js.gz": gzipSync(hidden),
      "deep/b.br": brotliCompressSync(hidden),
      "deep/er/c": cached,
      d: gzipSync(cached),
      e: hidden,
    };
    for (const [name, bytes] of Object.entries(files)) writeFileSync(join(root, name), bytes);
    writeFileSync(join(root, "clean.gz"), gzipSync("nothing"));
    writeFileSync(join(root, "only-called.gz"), "\u001f\u008bnothing");
    const search = new LeakSearch({ secrets });
    search.folder("files", root);
    expect(new Set(search.leaks.map(({ where }) => where.split(" ")[0]))).toEqual(new Set(Object.keys(files)));
    expect(search.told().join("\n")).not.toMatch(/CNRY/);
    const plain = new LeakSearch({ secrets });
    plain.folder("files", root, { packed: false, except: /^e$/ });
    expect(plain.leaks).toEqual([]);
  });
});

describe("no hit is", () => {
  it("noise, as much of it as a database", () => {
    expect(searcher.scan(noise(8_000_000))).toEqual([]);
    expect(searcher.scan(Buffer.from(noise(4_000_000).toString("base64")))).toEqual([]);
    expect(searcher.scan(Buffer.from(noise(2_000_000).toString("hex")))).toEqual([]);
  });

  it.each(Object.entries(encoders))("a near miss in %s: one character changed at each end", (_, encode) => {
    for (const { value } of secrets.slice(1, 4)) {
      const other = (char = "") => (char === "A" ? "B" : "A");
      const near = `${value.slice(0, 5)}${other(value[5])}${value.slice(6, -6)}${other(value.at(-6))}${value.slice(-5)}`;
      expect(searcher.scan(Buffer.from(encode(`xx${near}`)))).toEqual([]);
    }
  });

  it("the public half of a key, another key or another token of the same making", () => {
    const { publicKey } = generateKeyPairSync("rsa", {
      modulusLength: 2048,
      publicKeyEncoding: { type: "spki", format: "pem" },
      privateKeyEncoding: { type: "pkcs8", format: "pem" },
    });
    const others = [publicKey, pem("rsa"), pem("ec"), `${jwt.split(".")[0]}.${part(40)}.${part(64)}`, part(32)];
    for (const other of others) expect(searcher.scan(Buffer.from(other))).toEqual([]);
  });
});

it("a secret that is too short to be told from chance is refused instead of searched for in vain", () => {
  expect(() => new Searcher([{ kind: "pin", value: "12345678" }])).toThrow("pin");
});

it("a rule lets pass what it names and nothing else, and counts it", () => {
  const [token, session] = secrets;
  const rules = [{ kind: /^session$/, where: /^answers: sign-in set-cookie$/, why: "a cookie is set there" }];
  const search = new LeakSearch({ secrets, rules, controls: [{ kind: "a shop's name", value: "A-shop-by-name" }] });
  search.content("answers", "sign-in set-cookie", `s=${session?.value}`);
  search.content("answers", "sign-in set-cookie", `s=${token?.value}`);
  search.content("answers", "sign-in body", `s=${session?.value}`);
  expect(new Set(search.leaks.map(({ kind, where }) => `${kind}, ${where}`))).toEqual(
    new Set(["token, sign-in set-cookie", "session, sign-in body"]),
  );
  expect([...search.allowed.values()]).toEqual([2]);
  expect(search.missing("answers")).toEqual(["a shop's name"]);
  search.content("answers", "page", "<h1>A-shop-by-name</h1>");
  expect(search.missing("answers")).toEqual([]);
  expect(search.summary()).toMatch(
    /^leak search: 7 secrets × 9 encodings × 0\.0 MB \(answers 0\.0 MB\) in \d+\.\d s: \d hits, 2 allowed by 1 rules$/,
  );
});

it("finds a token in a line of the product's own log, whatever it was called and however it was written", () => {
  let written = "";
  const write = vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    written += text;
    return true;
  });
  const token = secrets[0]?.value ?? "";
  log.info("attempt_exchanged", { attempt: "att_1", note: Buffer.from(token).toString("base64") });
  log.info("attempt_exchanged", { attempt: "att_1", note: token });
  log.info("attempt_exchanged", { attempt: "att_1", access: token });
  write.mockRestore();
  const search = new LeakSearch({ secrets });
  const lines = written.trimEnd().split("\n");
  for (const [index, line] of lines.entries()) search.content("log", `line ${index + 1}`, line);
  expect(lines).toHaveLength(3);
  // The third was refused by the log itself.
  expect(new Set(search.told().map((line) => line.split(" at ")[0]))).toEqual(new Set(["log: line 1", "log: line 2"]));
});
