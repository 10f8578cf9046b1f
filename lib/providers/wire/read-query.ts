import type { Answer } from "@/lib/providers/contract";

type Outcome = Extract<Answer, { kind: "error" }>["outcome"];

const OUTCOMES = new Map<string, Outcome>([
  ["access_denied", "denied"],
  ["temporarily_unavailable", "unreachable"],
  ["invalid_request", "our_fault"],
  ["invalid_scope", "our_fault"],
  ["unauthorized_client", "our_fault"],
  ["unsupported_response_type", "our_fault"],
  ["redirect_uri_mismatch", "our_fault"],
  ["application_suspended", "our_fault"],
]);

/** What a callback's query says by RFC 6749 section 4.1.2.1: an error wins over a code, unknown errors are a refusal. */
export function readQuery(query: URLSearchParams): Answer {
  const error = query.get("error");
  if (error) return { kind: "error", outcome: OUTCOMES.get(error) ?? "refused" };
  return query.get("code") ? { kind: "code" } : { kind: "nothing" };
}
