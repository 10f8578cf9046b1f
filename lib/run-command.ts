import { closeDatabase } from "@/db/client";
import { startFailure } from "./errors";

/** Runs a command of the terminal to its end: prints what it says, or why it could not be carried out, and ends with 1 where it was not. */
export async function runCommand(work: () => Promise<{ ok: boolean; says: string }>): Promise<void> {
  try {
    const { ok, says } = await work();
    (ok ? process.stdout : process.stderr).write(`${says}\n`);
    if (!ok) process.exitCode = 1;
  } catch (error) {
    process.stderr.write(`${startFailure(error)}\n`);
    process.exitCode = 1;
  } finally {
    await closeDatabase();
  }
}
