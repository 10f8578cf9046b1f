import { ProviderError } from "@/lib/providers/provider-error";
import type { Platforms } from "./stores";

export const mutants = {
  "outage-is-refusal": "a platform that answers 5xx to a renewal is taken to have refused it",
  "old-token-kept": "the refresh token that a renewal brought is not stored, the one before it stays",
  "no-pace": "Norce's and UltraCart's limits are not kept",
};

/** Takes a guard away from the providers, as if it had never been written. */
export function mutate(at: Platforms, mutant: string | null): void {
  for (const { provider } of at.offers) {
    if (mutant === "no-pace") provider.pace = null;
    const refresh = provider.refresh;
    if (mutant === "old-token-kept") provider.refresh = async (grant, io) => ({ ...(await refresh(grant, io)), renewal: grant.renewal });
    if (mutant !== "outage-is-refusal") continue;
    provider.refresh = (grant, io) =>
      refresh(grant, io).catch((error: unknown) => {
        if (error instanceof ProviderError && /^http_5/.test(error.code)) throw new ProviderError("reconnect", "refused");
        throw error;
      });
  }
}
