import { DatabaseError } from "@/db/database-error";
import { log } from "./log";

const LONGEST_MS = 10_000;
const STEP_MS = 250;

/**
 * Runs a write that holds what a platform issued until it is committed, through a database that comes and goes (up to ten seconds).
 * `write` must be harmless when an earlier try was committed after all. A refusal by the data itself is thrown at once.
 */
export async function persist<T>(write: () => Promise<T>, longestMs: number = LONGEST_MS): Promise<T> {
  const until = performance.now() + longestMs;
  for (;;) {
    try {
      return await write();
    } catch (error) {
      const lasting = !(error instanceof DatabaseError) || error.code.startsWith("23");
      if (lasting || performance.now() > until) throw error;
      log.warn("write_repeated", { cause: error.code });
      await new Promise((resolve) => setTimeout(resolve, STEP_MS));
    }
  }
}
