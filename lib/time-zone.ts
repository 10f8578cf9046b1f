export const timeZoneCookie = "latchkey-tz";

// A zone that Intl knows, or UTC: the cookie is written by the browser and may hold anything.
export function safeTimeZone(value: string | undefined): string {
  if (!value || value.length > 64) return "UTC";
  try {
    return new Intl.DateTimeFormat("en", { timeZone: value }).resolvedOptions().timeZone;
  } catch {
    return "UTC";
  }
}
