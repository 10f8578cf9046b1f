const numbered = (letter: string, ...numbers: (number | readonly [number, number])[]) =>
  numbers
    .flatMap((one) => (typeof one === "number" ? [one] : Array.from({ length: one[1] - one[0] + 1 }, (_, index) => one[0] + index)))
    .map((number) => `${letter}-${String(number).padStart(2, "0")}`);

/** The fault cases that a release must pass. */
export const gateCases: readonly string[] = [
  ...numbered("C", [1, 10], 12),
  ...numbered("X", [1, 21]),
  ...numbered("R", [1, 18], 22),
  ...numbered("V", [1, 6], 9),
  ...numbered("T", 1, 2, 4, 6),
  ...numbered("W", [1, 3]),
  ...numbered("P", [1, 3]),
];

/** All that there are. */
export const allCases: readonly string[] = [
  ...numbered("C", [1, 14]),
  ...numbered("X", [1, 23]),
  ...numbered("R", [1, 22]),
  ...numbered("V", [1, 10]),
  ...numbered("T", [1, 6]),
  ...numbered("W", [1, 5]),
  ...numbered("P", [1, 10]),
];

const ID = /[A-Z]{1,3}-?\d+/g;
/** The ids that a title begins with, such as "X-03/X-04: …" or "C-02 C-14 …". */
const LEADING = /^[A-Z]{1,3}-?\d+(?:(?:\s*[/,]\s*|\s+)[A-Z]{1,3}-?\d+)*(?=[:\s])/;
/** The same at its end, "(C-02, C-14)". */
const TRAILING = /\(([A-Z]{1,3}-?\d+(?:,\s*[A-Z]{1,3}-?\d+)*)\)$/;

/** The ids of the cases that a test is by its title. */
export function idsOfTitle(title: string): string[] {
  return [LEADING.exec(title)?.[0], TRAILING.exec(title)?.[1]].flatMap((text) => text?.match(ID) ?? []);
}

/** A title where it stands: after `it(`, `test(`, `describe(` or the second pair of brackets of `.each(…)(`; none that is skipped. */
const TITLE = /(?:\b(?:it|test|describe)(?:\.(?!skip|todo|fails)\w+)*|\))\(\s*(["'`])((?:(?!\1)[^\\]|\\.)*)\1/g;

export function idsOfSource(source: string): string[] {
  return [...source.matchAll(TITLE)].flatMap(([, , title = ""]) => idsOfTitle(title));
}
