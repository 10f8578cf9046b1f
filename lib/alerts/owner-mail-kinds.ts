const DAY_S = 86_400;

/**
 * The mails that a merchant's people get, each of which they may do without, and for how long after the need began each is the right one.
 * A need that nobody was there to tell of in its first three days is told of by the reminder.
 */
export const ownerMailKinds = {
  store_needs_you: { fromS: 0, untilS: 3 * DAY_S },
  store_still_needs_you: { fromS: 3 * DAY_S, untilS: 30 * DAY_S },
} as const;

/** In place of many of the first kind after a restore; who does without those does without this. */
export const STORES_NEED_YOU = "stores_need_you";

export type OwnerMailKind = keyof typeof ownerMailKinds;

export const isOwnerMailKind = (kind: unknown): kind is OwnerMailKind => typeof kind === "string" && Object.hasOwn(ownerMailKinds, kind);
