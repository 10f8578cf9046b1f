import { OperationProcessingError, ResponseBodyError } from "oauth4webapi";
import { ProviderError } from "@/lib/providers/provider-error";

type Call = "exchange" | "refresh" | "repeatable";

const OURS = new Set(["invalid_client", "unauthorized_client", "unsupported_grant_type", "invalid_scope", "redirect_uri_mismatch"]);
/** What large platforms say in place of the standard's words. */
const DIALECT = new Map([
  ["incorrect_client_credentials", "invalid_client"],
  ["bad_verification_code", "invalid_grant"],
]);
/** About the code itself; anything else, such as an account that is not confirmed, is another matter. */
const ENDED = new Set(["invalid_grant", "invalid_request"]);
const SETTINGS = new Set(["OAUTH_MISSING_SERVER_METADATA", "OAUTH_INVALID_SERVER_METADATA", "OAUTH_HTTP_REQUEST_FORBIDDEN"]);

/** What a failure that oauth4webapi found means; its own errors hold whole bodies and never leave. `status`: null where no answer came. */
export function oauthTrouble(error: unknown, call: Call, status: number | null): ProviderError {
  if (error instanceof ProviderError) return error;
  if (error instanceof ResponseBodyError) return refusal(error.error, call);
  if (error instanceof OperationProcessingError && error.code && SETTINGS.has(error.code))
    return new ProviderError("operator", "endpoint_invalid");
  return unreadable(call, status);
}

/**
 * An answer that is none of the standard's. A code is never sent twice, so every such answer leaves it in doubt; a refresh
 * token is unspent where the status itself refuses the request.
 */
export function unreadable(call: Call, status: number | null): ProviderError {
  const refused = status !== null && status >= 300 && status < 500;
  const code = refused ? `http_${status}` : "bad_answer";
  if (call === "exchange" || (call === "refresh" && !refused)) return new ProviderError("doubt", code);
  return new ProviderError("transient", code);
}

/** RFC 6749 section 5.2. Only `invalid_grant` proves a refresh token dead; an unknown word never demotes a merchant. */
function refusal(word: string, call: Call): ProviderError {
  const error = DIALECT.get(word) ?? word;
  if (OURS.has(error)) return new ProviderError("operator", error);
  if (error === "server_error" || error === "temporarily_unavailable") {
    return new ProviderError(call === "exchange" ? "doubt" : "transient", error);
  }
  if (call === "exchange") return new ProviderError("declined", ENDED.has(error) ? "code_refused" : "exchange_refused");
  if (call === "refresh" && error === "invalid_grant") return new ProviderError("reconnect", "refresh_refused");
  return new ProviderError("transient", error === "invalid_request" ? "invalid_request" : "refused_unclearly");
}
