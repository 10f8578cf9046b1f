import { countExchange, countRenewal, countRevocation } from "./metrics";
import { type Facts, traced, wordsOf } from "./trace";

type Piece = "renewal" | "exchange" | "revocation";

const count: Record<Piece, (offer: string, outcome: string, seconds: number) => void> = {
  renewal: countRenewal,
  exchange: countExchange,
  revocation: countRevocation,
};

/** One piece of work on a claimed row: a span, and a count of how it came out. `outcome` answers with a fixed word. */
export async function observed<T>(
  piece: Piece,
  facts: Facts & { offer: string },
  work: () => Promise<T>,
  outcome: (done: T) => string,
): Promise<T> {
  const begun = performance.now();
  const told = (word: string) => count[piece](facts.offer, word, (performance.now() - begun) / 1_000);
  try {
    const done = await traced(piece, facts, work, outcome);
    told(outcome(done));
    return done;
  } catch (error) {
    told(wordsOf(error).outcome);
    throw error;
  }
}
