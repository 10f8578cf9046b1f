import { closeDatabase, openDatabase } from "@/db/client";
import { checkKeys, markKeys } from "./check-keys";
import { inspectEnv } from "./env";
import { ConfigurationError } from "./errors";
import { offersFromEnv } from "./offers/from-env";

/**
 * Reads the configuration and opens the database, for the web process and for commands alike. Throws ConfigurationError with every
 * fault; a wrong key is found before anything is written. `seals` false: its first key need not be one by which others seal, because
 * nothing is sealed here.
 */
export async function openLatchkey({ seals = true } = {}): Promise<void> {
  const { env, faults } = inspectEnv();
  faults.push(...offersFromEnv(env).faults);
  if (env.LATCHKEY_KEYS.length === 0 && env.DATABASE_URL) faults.push(...(await keysThatAreMissing()));
  if (faults.length > 0) throw new ConfigurationError(faults);
  await openDatabase({ inspect: () => checkKeys() });
  if (seals) await markKeys();
}

/** Without any key only the database still knows which ones are needed. Where it cannot be asked, the other faults say enough. */
async function keysThatAreMissing(): Promise<readonly string[]> {
  try {
    await openDatabase({ migrate: false, inspect: () => checkKeys([]) });
    return [];
  } catch (error) {
    return error instanceof ConfigurationError ? error.faults : [];
  } finally {
    await closeDatabase();
  }
}
