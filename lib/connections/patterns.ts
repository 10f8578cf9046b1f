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
