import type { Io } from "@/lib/providers/contract";
import { ProviderError } from "@/lib/providers/provider-error";

/** The way out for calls that spend nothing: a lost answer does no harm there, so doubt is only "try again". */
export function repeatable(fetch: Io["fetch"]): Io["fetch"] {
  return async (url, init) => {
    try {
      return await fetch(url, init);
    } catch (error) {
      if (error instanceof ProviderError && error.trouble === "doubt") throw new ProviderError("transient", error.code, error.detail);
      throw error;
    }
  };
}
