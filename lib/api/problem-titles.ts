/** What backends' authors read, by code: what is the matter and what to do. English, as all of the API is. */
export const problemTitles: Record<string, string> = {
  no_key: "Send a key as `Authorization: Bearer lk_…`.",
  unknown_key: "This key is not known, was revoked or has run out. Ask an admin of Latchkey for another one.",
  key_in_address: "A key was sent in the address, where logs keep it. Send it in the Authorization header, and have that key replaced.",
  forbidden: "This key lacks the scope for it. Ask an admin of Latchkey for a key that has it.",
  not_found: "There is nothing here by that name, or this key may not see it.",
  method_not_allowed: "Not with this method. The Allow header names those that serve.",
  invalid: "Something in the request is not as it must be: see `errors`.",
  rate_limited: "This key asks more often than it may. Go on after the seconds in Retry-After; the RateLimit header says what is left.",
  too_many_failures: "Too many requests with keys that are not good came from there. Try again after the seconds in Retry-After.",
  unavailable: "The database cannot be reached. Nothing was changed: try again after the seconds in Retry-After.",
  counting_failed: "Latchkey cannot note what it hands out, so it hands out nothing. Try again after the seconds in Retry-After.",
  internal: "This is our mistake. Tell your admin the reference.",
};
