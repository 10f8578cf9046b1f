export const timeZoneCookie = "latchkey-tz";
/** "utc": times are shown in UTC, whatever the reader's own zone is. */
export const timesCookie = "latchkey-times";

// A zone that Intl knows, or UTC: the cookie is written by the browser and may hold anything. Behind its name stands what it is ahead by.
export function safeTimeZone(value: string | undefined): string {
  const [timeZone] = value?.split("~") ?? [];
  if (!timeZone || timeZone.length > 64) return "UTC";
  try {
    return new Intl.DateTimeFormat("en", { timeZone }).resolvedOptions().timeZone;
  } catch {
    return "UTC";
  }
}

export type Times = "utc" | "own";

export const isTimes = (value: unknown): value is Times => value === "utc" || value === "own";

/** The zone that a page's times are shown in. */
export const shownTimeZone = (times: string | undefined, zone: string | undefined): string =>
  times === "utc" ? "UTC" : safeTimeZone(zone);
