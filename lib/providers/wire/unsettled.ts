import { ProviderError } from "@/lib/providers/provider-error";
import { retryAfterS } from "./retry-after";

/**
 * What every platform's 408, 429 and 5xx mean; null for any other status. The platform answered, so repeating is safe for
 * calls that spend nothing (`transient`); `spends`: the call may have used up a code or a token, so its outcome is in doubt.
 */
export function unsettled(response: Response, now: Date, spends: boolean): ProviderError | null {
  const retry = retryAfterS(response, now);
  if (response.status === 429) return new ProviderError("transient", "rate_limited", { retryAfterS: retry });
  if (response.status === 408 || response.status >= 500) {
    return new ProviderError(spends ? "doubt" : "transient", `http_${response.status}`, { retryAfterS: retry });
  }
  return null;
}
