import type { HealthState } from "@/lib/connections/health";

/** States that something went wrong to come to. */
export const failingStates = [
  "needs_reconnect",
  "expired_renewable",
  "refresh_failing",
  "renewal_late",
] as const satisfies readonly HealthState[];

/** Whose cause it is, as far as its code tells: who must be asked to mend it. */
export const causeGroups = ["owner", "secret", "rate", "platform", "ours"] as const;
export type CauseGroup = (typeof causeGroups)[number];

const codes: Record<Exclude<CauseGroup, "platform">, readonly string[]> = {
  owner: [
    "access_refused",
    "access_removed",
    "account_changed",
    "different_account",
    "held_elsewhere",
    "insufficient_scope",
    "invalid_scope",
    "no_refresh_token",
    "nothing_to_renew",
    "refresh_refused",
    "renew_refused",
    "token_refused",
    "workflow_failed",
  ],
  secret: [
    "application_refused",
    "client_not_allowed",
    "key_refused",
    "key_unusable",
    "no_credentials",
    "wrong_application",
    "wrong_environment",
    "wrong_secret",
  ],
  rate: ["paced", "rate_limited", "session_busy"],
  ours: [
    "app_disabled",
    "application_disabled",
    "bad_origin_template",
    "bad_request",
    "endpoint_invalid",
    "endpoint_missing",
    "forbidden",
    "foreign_client",
    "internal",
    "invalid_client",
    "issuer_mismatch",
    "key_missing",
    "metadata_missing",
    "mixed_answer",
    "offer_changed",
    "offer_missing",
    "outcome_lost",
    "paused",
    "quarantined",
    "redirect_uri_mismatch",
    "session_refused",
    "unauthorized_client",
    "unreadable",
  ],
};

/** What is none of ours, the owner's or a limit is a platform that did not answer as it should. */
export function causeGroup(code: string): CauseGroup {
  return causeGroups.find((group) => group !== "platform" && codes[group].includes(code)) ?? "platform";
}
