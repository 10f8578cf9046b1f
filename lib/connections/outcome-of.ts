import type { AttemptOutcome } from "@/db/schema";
import type { ProviderError } from "@/lib/providers/provider-error";

/** The platform was set up anew, or taken away, since the attempt began. */
const OFFER_GONE = new Set(["offer_changed", "offer_missing"]);

/** What a platform's failure means to the merchant who waits on the result page. */
export function outcomeOf(error: ProviderError): AttemptOutcome {
  if (error.detail.fields) return "refused";
  switch (error.trouble) {
    case "operator":
      return OFFER_GONE.has(error.code) ? "cancelled" : "our_fault";
    case "transient":
    case "doubt":
      return "unreachable";
    case "declined":
    case "reconnect":
      return error.code === "code_refused" ? "timed_out" : error.code === "answer_not_matched" ? "not_matched" : "refused";
  }
}
