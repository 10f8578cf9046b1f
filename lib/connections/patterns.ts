import { folded } from "./folded";

const MOST = 8;

/** So much of a word has trigrams of its own wherever it stands; what is shorter is looked for at the beginnings of words. */
const ANYWHERE = /[\p{L}\p{N}]{3}/u;

/** What a text must be like for each of the words to be in it: a part of it, and of a short one the beginning of a word. */
export function patternsOf(text: string): string[] {
  const words = [...new Set(folded(text).split(" "))].filter((word) => word !== "").slice(0, MOST);
  return words.map((word) => `${ANYWHERE.test(word) ? "%" : "% "}${word.replace(/[\\%_]/g, "\\$&")}%`);
}

/** Whether trigrams can lead to it: what is neither letters nor digits has none. */
export const hasTrigrams = (patterns: readonly string[]): boolean => patterns.some((pattern) => /[\p{L}\p{N}]/u.test(pattern));

/**
 * The part of a text, letters and digits only, that fewest others are likely to have: the longest, where a digit says as much as two letters.
 * Null: there is nothing else in the text anyway.
 */
export function rarestPart(text: string): string | null {
  const parts = folded(text).match(/[\p{L}\p{N}]{3,}/gu) ?? [];
  const weight = (part: string) => part.length + (part.match(/\p{N}/gu)?.length ?? 0);
  const [best] = [...parts].sort((a, b) => weight(b) - weight(a));
  return best === undefined || best === folded(text) ? null : `%${best}%`;
}
