const PROBLEMS = [
  "input",
  "reason",
  "hours",
  "unproved",
  "secret",
  "two_already",
  "current_secret",
  "name",
  "in_use",
  "sign_in_again",
  "not_found",
] as const;
const DONE = [
  "created",
  "edited",
  "published",
  "unpublished",
  "deleted",
  "paused",
  "resumed",
  "secret_added",
  "secret_switched",
  "secret_retired",
] as const;

/** What stood against an act, as the pages have a sentence for it. */
export const problemOf = (code: unknown): (typeof PROBLEMS)[number] | null =>
  code === undefined ? null : (PROBLEMS.find((name) => name === code) ?? "input");

export const doneOf = (word: unknown): (typeof DONE)[number] | undefined => DONE.find((name) => name === word);
