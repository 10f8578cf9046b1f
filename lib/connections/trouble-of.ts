import { AppError } from "@/lib/errors";
import { ProviderError } from "@/lib/providers/provider-error";
import { VaultError } from "@/lib/vault";

/** Codes that say only "not now": the platform is not failing and nothing was sent, so they count for nothing. */
export const NOT_NOW: ReadonlySet<string> = new Set(["paced", "rate_limited", "session_busy", "out_of_time", "not_ready", "journal_full"]);

/** Codes that say "fetch access anew", not "the grant is dead". */
export const STALE: ReadonlySet<string> = new Set(["session_ended", "access_stale"]);

/** What a failed piece of work means for its connection: also when a row or the configuration could not be used. Null: a bug. */
export function troubleOf(error: unknown): ProviderError | null {
  if (error instanceof ProviderError) return error;
  if (error instanceof VaultError && error.code === "unknown_key") return new ProviderError("operator", "key_missing");
  if (error instanceof VaultError) return new ProviderError("reconnect", "unreadable");
  // The platform is not configured any more.
  if (error instanceof AppError && error.status === 404) return new ProviderError("operator", "offer_missing");
  return null;
}
