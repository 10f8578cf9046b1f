import type { Destination } from "@/db/alert-destinations";
import type { Sealed } from "@/db/sealed";
import { type Place, seal, unseal } from "@/lib/vault";

const place = (column: "secret" | "previous_secret", row: string): Place => ({ table: "alert_destinations", column, row, merchant: "" });

export const sealSecret = (id: string, secret: string): Sealed => seal(secret, place("secret", id));

/** What was the secret until now, sealed for the place of the one before. */
export const sealPrevious = (id: string, secret: Sealed): Sealed => seal(unseal(secret, place("secret", id)), place("previous_secret", id));

/** Those that are good as of `now` (the database's clock), the newest first. */
export function goodSecrets({ id, secret, previousSecret, previousUntil }: Destination, now: Date): string[] {
  const before = previousSecret && previousUntil && previousUntil > now ? [unseal(previousSecret, place("previous_secret", id))] : [];
  return [...(secret ? [unseal(secret, place("secret", id))] : []), ...before];
}
