import type { Change } from "@/tests/figures/changed-bundle";

/** What must see it, alone: no mutant is red because this machine was busy. */
export type Mutant = { does: string; sees: "memory" | "time" | "calls" | "neighbour"; changes: Change[] };

const file = "lib/http.ts";
const TOO_LARGE = 'if (size > maxBytes) throw new Error("body too large");';

export const mutants: Record<string, Mutant> = {
  "no-limit-of-size": {
    does: "a body is read to its end, however long it is",
    sees: "memory",
    changes: [{ file, from: TOO_LARGE, to: "" }],
  },
  "no-limit-of-time": {
    does: "a call lasts as long as whoever began it goes on",
    sees: "time",
    changes: [{ file, from: "const whole = deadline(wholeTimeoutMs);", to: "const whole = deadline(600_000);" }],
  },
  "follows-redirects": {
    does: "redirects are followed, and what was sent is sent again",
    sees: "calls",
    changes: [{ file, from: 'redirect: "manual", dispatcher', to: 'redirect: "follow", dispatcher' }],
  },
  "much-at-once": {
    does: "headers that are too long are read on to the end of what has arrived, an Error for each",
    sees: "neighbour",
    changes: [{ file, from: "littleAtFirst(ended[1])", to: "ended[1]" }],
  },
};
