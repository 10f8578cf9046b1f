import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Sealed } from "@/db/sealed";
import { fingerprint, type Place, seal, unseal, VaultError } from "@/lib/vault";

const k1 = { id: "k1", bytes: randomBytes(32) };
const k2 = { id: "k2", bytes: randomBytes(32) };
const home: Place = { table: "connections", column: "access", row: "con_1", merchant: "mer_1" };
const PLAIN = "CNRY-plain-text-of-the-vault";
const sealed = seal(PLAIN, home, [k1]);
const parts = sealed.split(".") as [string, string, string, string];
const put = (at: number, text: string) => parts.map((part, index) => (index === at ? text : part)).join(".") as Sealed;

function refusalOf(work: () => unknown): VaultError {
  try {
    work();
  } catch (error) {
    if (error instanceof VaultError) return error;
    throw error;
  }
  throw new Error("It opened.");
}

describe("S-33 sealing", () => {
  it.each([
    ["ASCII", PLAIN],
    ["Arabic", "متجر الأمل — الرياض"],
    ["nothing", ""],
    ["a surrogate pair", "🔑"],
    ["64 KB", "ن".repeat(32_768)],
  ])("gives back %s", (_, text) => expect(unseal(seal(text, home, [k1]), home, [k1])).toBe(text));

  it("gives back any text at any place, and opens nowhere else", () => {
    const place = fc.record({ table: fc.string(), column: fc.string(), row: fc.string(), merchant: fc.string() });
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), place, place, (text, one, other) => {
        const value = seal(text, one, [k1]);
        expect(unseal(value, one, [k1])).toBe(text);
        if (JSON.stringify(one) !== JSON.stringify(other)) expect(() => unseal(value, other, [k1])).toThrow(VaultError);
      }),
    );
  });

  it("never repeats an IV in 100,000", () => {
    const ivs = Array.from({ length: 100_000 }, () => seal("x", home, [k1]).split(".")[2]);
    expect(new Set(ivs).size).toBe(100_000);
    expect(Buffer.from(ivs[0] ?? "", "base64url")).toHaveLength(12);
  });

  it.each(Array.from({ length: 16 }, (_, length) => length))("refuses a tag cut to %i bytes", (length) => {
    const body = Buffer.from(parts[3], "base64url");
    const cut = body.subarray(0, body.length - 16 + length).toString("base64url");
    expect(refusalOf(() => unseal(put(3, cut), home, [k1])).code).toBe("tampered");
    const empty = seal("", home, [k1]).split(".");
    const alone = Buffer.from(empty[3] ?? "", "base64url")
      .subarray(0, length)
      .toString("base64url");
    expect(refusalOf(() => unseal([...empty.slice(0, 3), alone].join(".") as Sealed, home, [k1])).code).toBe("tampered");
  });
});

describe("S-34 the place", () => {
  it.each<[string, Partial<Place>]>([
    ["row", { row: "con_2" }],
    ["column", { column: "renewal" }],
    ["table", { table: "grants" }],
    ["merchant", { merchant: "mer_2" }],
    ["installation", { merchant: "" }],
    ["neighbouring words", { column: "acces", row: "scon_1" }],
  ])("opens at no other %s", (_, other) =>
    expect(refusalOf(() => unseal(sealed, { ...home, ...other }, [k1]))).toMatchObject({ code: "tampered", keyId: "k1" }),
  );

  it("opens under no other key id, though the key be the same", () =>
    expect(refusalOf(() => unseal(put(1, "k9"), home, [k1, { ...k1, id: "k9" }]))).toMatchObject({ code: "tampered", keyId: "k9" }));
});

describe("S-35 the stored form", () => {
  it("names version and key", () => expect(parts.slice(0, 2)).toEqual(["lk1", "k1"]));

  it("names the key that is missing", () =>
    expect(refusalOf(() => unseal(sealed, home, [k2]))).toMatchObject({ code: "unknown_key", keyId: "k1", message: "unknown_key: k1" }));

  it.each(["lk2.k1.a.b", "", "plain text", `${sealed}.more`, "v1", "lk1 .k1.a.b"])("knows no version %j", (text) =>
    expect(refusalOf(() => unseal(text as Sealed, home, [k1])).code).toBe("unknown_version"),
  );

  it("refuses to seal without a key", () => expect(refusalOf(() => seal("x", home, [])).code).toBe("unknown_key"));
});

describe("S-37 several keys", () => {
  it("seals with the first and opens with any", () => {
    const old = seal("old", home, [k1]);
    const fresh = seal("new", home, [k2, k1]);
    expect(fresh.split(".")[1]).toBe("k2");
    expect([unseal(old, home, [k2, k1]), unseal(fresh, home, [k1, k2])]).toEqual(["old", "new"]);
  });

  it("tells another key of the same id from the right one", () =>
    expect(refusalOf(() => unseal(sealed, home, [{ ...k2, id: "k1" }])).code).toBe("tampered"));
});

describe("S-41 nothing before the tag", () => {
  it.each([
    [2, "IV"],
    [3, "text and tag"],
  ])("refuses any flipped bit of part %i (%s)", (at) => {
    const bytes = Buffer.from(parts[at as 2 | 3], "base64url");
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const other = Buffer.from(bytes);
      other[bit >> 3] = (other[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(refusalOf(() => unseal(put(at, other.toString("base64url")), home, [k1])).code).toBe("tampered");
    }
  });

  it("refuses another spelling of the same bytes", () => {
    for (const at of [2, 3])
      for (const spelled of [`${put(at, `${parts[at]}=`)}`, put(at, `${parts[at]}\n`), put(at, `!${parts[at]}`)])
        expect(() => unseal(spelled as Sealed, home, [k1])).toThrow(VaultError);
  });

  it("says nothing of what it holds", () => {
    const body = Buffer.from(parts[3], "base64url");
    body[0] = (body[0] ?? 0) ^ 1;
    const error = refusalOf(() => unseal(put(3, body.toString("base64url")), home, [k1]));
    const told = `${error.message} ${error.stack} ${JSON.stringify(error)} ${JSON.stringify(Object.entries(error))} ${error.cause}`;
    for (const secret of [PLAIN, PLAIN.slice(4), k1.bytes.toString("base64"), k1.bytes.toString("hex"), parts[3]])
      expect(told).not.toContain(secret);
  });
});

describe("fingerprints", () => {
  it("know equal parts, part by part, and differ by key", () => {
    const [one, other] = [randomBytes(32), randomBytes(32)];
    expect(fingerprint(["a", "b"], one)).toBe(fingerprint(["a", "b"], one));
    const all = [fingerprint(["a", "b"], one), fingerprint(["ab"], one), fingerprint(["a", "b", ""], one), fingerprint(["a", "b"], other)];
    expect(new Set(all).size).toBe(4);
  });
});
