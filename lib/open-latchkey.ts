import { openDatabase } from "@/db/client";
import { checkKeys, markKeys } from "./check-keys";
import { inspectEnv } from "./env";
import { ConfigurationError } from "./errors";
import { offersFromEnv } from "./offers/from-env";

/**
 * Reads the configuration and opens the database, for the web process and for commands alike. Throws ConfigurationError with every
 * fault; a wrong key is found before anything is written.
 */
export async function openLatchkey(): Promise<void> {
  const { env, faults } = inspectEnv();
  faults.push(...offersFromEnv(env).faults);
  if (faults.length > 0) throw new ConfigurationError(faults);
  await openDatabase({ inspect: checkKeys });
  await markKeys();
}
