const TEN_YEARS_S = 10 * 365 * 86_400;

/** Whole seconds from a JSON number or a digits-only string, 1 s to 10 years; null otherwise (unknown, never infinite). */
export function lifetimeS(value: unknown): number | null {
  const seconds = typeof value === "number" ? value : typeof value === "string" && /^\d{1,12}$/.test(value) ? Number(value) : Number.NaN;
  return Number.isFinite(seconds) && seconds >= 1 && seconds <= TEN_YEARS_S ? Math.floor(seconds) : null;
}

/** The moment `seconds` after `now`; null where the lifetime is unknown. */
export function after(now: Date, seconds: number | null): Date | null {
  return seconds === null ? null : new Date(now.getTime() + seconds * 1000);
}

/** An RFC 3339 moment between 2000 and 2100; null otherwise. */
export function moment(value: unknown): Date | null {
  if (typeof value !== "string" || !/^\d{4}-\d{2}-\d{2}T/.test(value)) return null;
  const date = new Date(value);
  const year = Number.isNaN(date.getTime()) ? 0 : date.getUTCFullYear();
  return year >= 2000 && year < 2100 ? date : null;
}
