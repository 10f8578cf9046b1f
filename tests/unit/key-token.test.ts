import { expect, it } from "vitest";
import { isKeyToken, keyHint, keysWithin, newKeyToken, shortestKey } from "@/lib/keys/key-token";

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

it("S-67: 160 random bits, five in each of 32 characters, each as frequent as the others", () => {
  const seen = new Map<string, number>();
  const tokens = Array.from({ length: 2_000 }, newKeyToken);
  expect(new Set(tokens).size).toBe(tokens.length);
  for (const token of tokens) {
    expect(token).toMatch(/^lk_[0-9a-hjkmnp-tv-z]{38}$/);
    for (const letter of token.slice(3, 35)) seen.set(letter, (seen.get(letter) ?? 0) + 1);
  }
  expect([...seen.keys()].sort().join("")).toBe(ALPHABET);
  // 64,000 letters, 2,000 of each: six standard deviations are 264.
  for (const [letter, n] of seen) expect(Math.abs(n - 2_000), letter).toBeLessThan(264);
});

it("S-67: what was mistyped, cut off or lengthened is no key, without asking anybody", () => {
  const token = newKeyToken();
  expect([isKeyToken(token), token.length, keyHint(token)]).toEqual([true, shortestKey, token.slice(0, 8)]);
  const typos = [...token].flatMap((right, place) =>
    [...ALPHABET, "L", "-", " "]
      .filter((letter) => letter !== right)
      .map((letter) => token.slice(0, place) + letter + token.slice(place + 1)),
  );
  // Of 30 bits of checksum: one in a thousand million typos is another key's.
  expect(typos.filter(isKeyToken)).toEqual([]);
  const swapped = [...token].flatMap((_, place) => {
    const other =
      token.slice(0, place) +
      token
        .slice(place, place + 2)
        .split("")
        .reverse()
        .join("") +
      token.slice(place + 2);
    return other === token ? [] : [other];
  });
  expect(swapped.filter(isKeyToken)).toEqual([]);
  for (let length = 0; length < 100; length += 1) expect(isKeyToken(token.repeat(3).slice(0, length))).toBe(length === token.length);
  for (const other of [token.toUpperCase(), ` ${token}`, `${token}\n`, token.slice(3)]) expect(isKeyToken(other)).toBe(false);
});

it("finds keys in any text", () => {
  const [one, two] = [newKeyToken(), newKeyToken()];
  expect(keysWithin(`Bearer ${one},"${two}"`)).toEqual([one, two]);
  expect(keysWithin(`lk_${"0".repeat(38)} ${one.slice(0, -1)}`)).toEqual([]);
});
