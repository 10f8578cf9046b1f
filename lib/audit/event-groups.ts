/** The kinds of events as people look for them, each by the nouns that its kinds begin with. */
export const eventGroups = {
  connections: ["connection", "attempt", "grant", "bulk", "view", "link"],
  people: ["person", "invitation", "sessions", "merchant"],
  providers: ["offer", "incident"],
  alerts: ["alert"],
  keys: ["key", "caller"],
  encryption: ["encryption_key"],
  exports: ["audit", "list", "backup"],
  denied: ["access"],
} as const satisfies Record<string, readonly string[]>;

export type EventGroup = keyof typeof eventGroups;

export const isEventGroup = (word: unknown): word is EventGroup => typeof word === "string" && Object.hasOwn(eventGroups, word);
