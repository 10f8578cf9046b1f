import { openDatabase } from "@/db/client";
import { checkKeys, markKeys } from "./check-keys";
import { env } from "./env";
import { offers } from "./offers/offers";

/**
 * Reads the configuration and opens the database, for the web process and for commands alike. Throws ConfigurationError with every
 * fault; a wrong key is found before anything is written.
 */
export async function openLatchkey(): Promise<void> {
  env();
  offers();
  await openDatabase({ inspect: checkKeys });
  await markKeys();
}
